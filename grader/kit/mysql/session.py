"""One client's session in the stand-in server: schema and transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from grader.kit.mysql.catalogue import information_schema
from grader.kit.mysql.functions import prepare
from grader.kit.mysql.server import SYSTEM, Server
from grader.kit.mysql.server_error import error
from grader.kit.sqlite import connect


class Handles:
    """The SQLite connections of a session, one for each schema used."""

    def __init__(self, server: Server, state: Mapping[str, Any]) -> None:
        self._server = server
        # The SQL functions read it. It is no attribute of the session,
        # which they would keep alive, and with it the connection.
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
            made = self._server.open(key) if key else connect(
                ":memory:", isolation_level=None, check_same_thread=False)
            if not key:
                prepare(made)
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


class Session:
    """What the server keeps for one connection.

    A transaction of the learner's is one in each schema that was written
    to. Raises error 1049 for a schema that is not there.
    """

    def __init__(self, server: Server, database: str | None = None) -> None:
        self.server = server
        self.number = 0
        self.autocommit = False
        # Whether a transaction was begun by a statement, or by reading.
        self.explicit = self.reading = False
        self.alive = True
        # The number of the error for LOAD DATA LOCAL, where it is refused.
        self.no_infile: int | None = None
        self.state: dict[str, Any] = {"database": None, "identity": 0}
        self._handles = Handles(server, self.state)
        if database := database or server.default:
            self.use(database)

    @property
    def database(self) -> str | None:
        found: str | None = self.state["database"]
        return found

    def use(self, database: str) -> None:
        """Make a schema the current one; raise error 1049 without it."""
        if database.lower() not in SYSTEM:
            if self.server.provide:
                self.server.provide(database)
            if not self.server.exists(database):
                raise error(1049, database)
        self.state["database"] = database

    def forget(self, database: str) -> None:
        """Close the file of a schema that is being dropped."""
        self._handles.drop(database)
        if self.state["database"] == database:
            self.state["database"] = None

    def close(self) -> None:
        """End the session; what was not committed is lost."""
        self.alive = False
        self._handles.close()
        self.server.leave(self)

    def handle(self, database: str | None) -> sqlite3.Connection:
        """Return the SQLite connection for a schema, opened once."""
        return self._handles.get(database)

    def views(self) -> sqlite3.Connection:
        """Return a connection to information_schema as it is now."""
        return self._handles.views()

    # Transactions

    @contextmanager
    def writing(self, handle: sqlite3.Connection) -> Iterator[None]:
        """Write in a transaction, which ends here under autocommit."""
        if not handle.in_transaction:
            handle.execute("BEGIN")
        try:
            yield
        finally:
            if self.autocommit and not self.explicit:
                handle.execute("COMMIT")

    @property
    def in_transaction(self) -> bool:
        # Reading a table begins a transaction too, as InnoDB sees it.
        return (self.explicit or self.reading
                or self._handles.in_transaction)

    def begin(self) -> None:
        """Start a transaction by hand; one that is open is committed."""
        self.finish("COMMIT")
        self.explicit = True

    def finish(self, verb: str) -> None:
        """COMMIT or ROLLBACK what was written in every schema."""
        self.explicit = self.reading = False
        self._handles.finish(verb)
