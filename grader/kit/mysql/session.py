"""One client's session in the stand-in server: schema and transaction."""

from __future__ import annotations

import sqlite3
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from grader.kit.mysql.catalogue import information_schema
from grader.kit.mysql.functions import prepare
from grader.kit.mysql.schema import Values
from grader.kit.mysql.server import SYSTEM, Server
from grader.kit.mysql.server_error import error
from grader.kit.sqlite import connect


class Session:
    """What the server keeps for one connection.

    There is one SQLite connection for each schema used; a transaction of
    the learner's is one in each schema that was written to.
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
        # Read by SQL functions, which must not hold the session itself:
        # it is closed when the last reference to its connection is gone.
        self.state: dict[str, Any] = {"database": None, "identity": 0}
        self._handles: dict[str, sqlite3.Connection] = {}
        # Those that may have rows left; weak, since few are read again.
        self._cursors: weakref.WeakSet[sqlite3.Cursor] = weakref.WeakSet()
        if database := database or server.default:
            self.use(database)

    def __del__(self) -> None:
        # They may be collected together with the session, and closed so:
        # not even whether they are can be asked then.
        for handle in self._handles.values():
            handle.close()

    @property
    def database(self) -> str | None:
        """Return the current schema."""
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
        if database in self._handles:
            self._handles.pop(database).close()
        if self.state["database"] == database:
            self.state["database"] = None

    def close(self) -> None:
        """End the session; what was not committed is lost."""
        self.alive = False
        self._leave_handles()
        self.server.leave(self)

    # SQLite connections

    def handle(self, database: str | None) -> sqlite3.Connection:
        """Return the SQLite connection for a schema, or for none."""
        key = database or ""
        if key.lower() in SYSTEM:
            key = ""
        if key not in self._handles:
            made = self.server.lend(key) if key else connect(
                ":memory:", isolation_level=None, check_same_thread=False)
            if not key:
                prepare(made)
            self._handles[key] = self._prepared(made)
        return self._handles[key]

    def views(self) -> sqlite3.Connection:
        """Return a connection to information_schema as it is now."""
        return self._prepared(information_schema(self.server))

    def _prepared(self, handle: sqlite3.Connection) -> sqlite3.Connection:
        state = self.state
        handle.create_function("current_schema", 0,
                               lambda: state["database"])
        handle.create_function("last_insert_id", 0,
                               lambda: state["identity"])
        return handle

    def read(self, handle: sqlite3.Connection, sql: str,
             values: Values) -> sqlite3.Cursor:
        """Return a cursor on what a query finds.

        It can be read for as long as the session lasts.
        """
        cursor = handle.execute(sql, values)
        if handle in self._handles.values():
            self._cursors.add(cursor)
        return cursor

    def _leave_handles(self) -> None:
        for cursor in self._cursors:
            # That of a schema that was dropped is closed already; another
            # session gets the others, so they stay open.
            if cursor.connection in self._handles.values():
                cursor.close()
        for database, handle in self._handles.items():
            if database:
                self.server.take_back(database, handle)
            else:
                handle.close()
        self._handles.clear()

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
        """Return whether a transaction is open."""
        # Reading a table begins a transaction too, as InnoDB sees it.
        return self.explicit or self.reading or any(
            handle.in_transaction for handle in self._handles.values())

    def begin(self) -> None:
        """Start a transaction by hand; one that is open is committed."""
        self.finish("COMMIT")
        self.explicit = True

    def finish(self, verb: str) -> None:
        """COMMIT or ROLLBACK what was written in every schema."""
        self.explicit = self.reading = False
        for handle in self._handles.values():
            if handle.in_transaction:
                handle.execute(verb)
