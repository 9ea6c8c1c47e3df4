"""The SQLite connections behind one session: one for each schema."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

from grader.kit.mysql import functions
from grader.kit.mysql.catalogue import information_schema
from grader.kit.mysql.server import SYSTEM, Server


class Handles:
    """Opens a schema once; a transaction is one in each written to.

    SQL functions ask `state` for the current schema and the last identity.
    """

    def __init__(self, server: Server, state: Mapping[str, Any]) -> None:
        self._server = server
        # Shared with SQL functions, which must not keep the session alive.
        self._state = state
        self._open: dict[str, sqlite3.Connection] = {}

    def __del__(self) -> None:
        self.close()

    def get(self, database: str | None) -> sqlite3.Connection:
        """Return the connection for a schema, or for none."""
        key = database or ""
        if key.lower() in SYSTEM:
            key = ""
        if key not in self._open:
            made = self._server.open(key) if key else sqlite3.connect(
                ":memory:", isolation_level=None, check_same_thread=False)
            if not key:
                functions.prepare(made)
            self._open[key] = self._prepared(made)
        return self._open[key]

    def views(self) -> sqlite3.Connection:
        """Return a connection to information_schema as it is now."""
        return self._prepared(information_schema(self._server))

    def _prepared(self, handle: sqlite3.Connection) -> sqlite3.Connection:
        state = self._state
        handle.create_function("current_schema", 0,
                               lambda: state["database"])
        handle.create_function("last_insert_id", 0,
                               lambda: state["identity"])
        return handle

    @property
    def in_transaction(self) -> bool:
        return any(handle.in_transaction for handle in self._open.values())

    def finish(self, verb: str) -> None:
        """COMMIT or ROLLBACK what was written in every schema."""
        for handle in self._open.values():
            if handle.in_transaction:
                handle.execute(verb)

    def drop(self, database: str) -> None:
        """Close the connection to a schema, if there is one."""
        if database in self._open:
            self._open.pop(database).close()

    def close(self) -> None:
        """Close all; what was not committed is lost."""
        for handle in self._open.values():
            handle.close()
        self._open.clear()
