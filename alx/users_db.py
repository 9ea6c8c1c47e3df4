"""The users.db that every SQLite connection of a submission leads to.

The course does not say what the database holds, nor in one folder what its
name is: whatever path a file opens, it gets this one, and what it does with
the connection is recorded.
"""

from __future__ import annotations

import os
import re
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alx import users_mysql
from alx.users_mysql import UsersServer
from grader.kit.sqlite import SUFFIXES, Look, connect, redirected

Row = tuple[Any, ...]

USERS: tuple[Row, ...] = (
    (1, "Amara Obi", "amara@example.com", 34),
    (2, "Bram Visser", "bram@example.com", 25),
    (3, "Chidi Eze", "chidi@example.com", 40),
    (4, "Dina Haddad", "dina@example.com", 41),
    (5, "Emil Larsen", "emil@example.com", 19),
    (6, "Farah Noor", "farah@example.com", 67),
    (7, "Goran Ilic", "goran@example.com", 26),
)

TABLE = ("CREATE TABLE users"
         " (id INTEGER PRIMARY KEY, name TEXT, email TEXT, age INTEGER)")
INSERT = "INSERT INTO users VALUES (?, ?, ?, ?)"

_DATABASE = re.compile(r"""["'](?:\./)?([\w-]+\.(?:db|sqlite3?))["']""")


@cache
def _image(rows: tuple[Row, ...] | None) -> bytes:
    """Return the bytes of a database file with these users, or empty."""
    # A file without a table has no page yet.
    if rows is None:
        return b""
    with closing(connect(":memory:")) as conn:
        conn.execute(TABLE)
        conn.executemany(INSERT, rows)
        conn.commit()
        return conn.serialize()


class UsersDb:
    """The database file in `folder`, and what was done to it.

    `connections` are those opened since the last `forget`, oldest first,
    `asynchronous` those of them that aiosqlite opened in its threads;
    `statements` the SQL that SQLite ran on them, with its parameters
    filled in, transactions included.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "users.db"
        self.connections: list[sqlite3.Connection] = []
        self.asynchronous: list[sqlite3.Connection] = []
        self.statements: list[str] = []
        self.users: tuple[Row, ...] = USERS
        self.server = UsersServer(folder / ".mysql")

    @property
    def rollbacks(self) -> int:
        """Count the explicit rollbacks; closing also undoes, uncounted."""
        return self.server.rollbacks + sum(
            text.upper().startswith("ROLLBACK") for text in self.statements)

    @property
    def opened(self) -> int:
        """Count the connections that were opened."""
        return len(self.connections) + self.server.opened

    @property
    def left_open(self) -> int:
        """Count the connections that were not closed."""
        return sum(map(is_open, self.connections)) + self.server.left_open

    def gave(self, value: object) -> bool:
        """Return whether a value is a connection that was opened."""
        return (users_mysql.is_connection(value)
                or any(value is conn for conn in self.connections))

    def forget(self) -> bool:
        """Roll back what is still open, and clear the records.

        Returns whether no connection can hold a lock any more.
        """
        is_free = True
        for conn in self.connections:
            try:
                conn.rollback()
            except sqlite3.Error:
                # It may be closed, or belong to another thread.
                is_free &= not is_open(conn)
        self.connections.clear()
        self.asynchronous.clear()
        self.statements.clear()
        self.server.forget()
        return is_free

    def rebuild(self, rows: tuple[Row, ...] | None = USERS) -> None:
        """Restore the table, with these rows; None is for no table."""
        self.users = rows or ()
        is_free = self.forget()
        self.server.rebuild(rows)
        if is_free and self._is_restored(_image(rows)):
            return
        try:
            self._fill(rows)
        except sqlite3.Error:
            # It stays locked, or is no database any more.
            for path in self.path.parent.glob(f"{self.path.name}*"):
                path.unlink()
            self._fill(rows)

    def _is_restored(self, image: bytes) -> bool:
        """Put a new file in place, or see that nothing was written to it.

        Two checks in three need no more, and SQL takes ten times as long.
        A file that was written to may be open, so SQL has to change it.
        """
        beside = [name for name in os.listdir(self.path.parent)
                  if name.startswith(self.path.name)]
        if not beside:
            self.path.write_bytes(image)
        return not beside or (beside == [self.path.name]
                              and self.path.read_bytes() == image)

    def _fill(self, rows: tuple[Row, ...] | None) -> None:
        with closing(connect(self.path, timeout=0.1)) as conn, conn:
            conn.execute("PRAGMA synchronous = OFF")
            for kind, name in conn.execute(
                    "SELECT type, name FROM sqlite_master WHERE type IN"
                    " ('table', 'view') AND name NOT LIKE 'sqlite_%'"
                    ).fetchall():
                conn.execute(f'DROP {kind} "{name}"')
            if rows is not None:
                conn.execute(TABLE)
                conn.executemany(INSERT, rows)

    def touch(self, source: str) -> None:
        """Create the database files that a source names, empty."""
        for name in _DATABASE.findall(source):
            (self.path.parent / name).touch()

    def rows(self, query: str) -> list[Row]:
        """Read what is committed, over an unrecorded connection."""
        if self.server.opened:
            return self.server.rows(query)
        with closing(connect(self.path, timeout=0.1)) as conn:
            return conn.execute(query).fetchall()

    def open(self, database: Any = "", *args: Any,
             **options: Any) -> sqlite3.Connection:
        """Open users.db instead of any other file; keep the connection."""
        # None is a name read from an environment variable that is not set.
        if database is None or os.fspath(database) != ":memory:":
            options.pop("uri", None)
            database, args = self.path, args[:6]
        conn = connect(database, *args, **options)
        self.connections.append(conn)
        # aiosqlite offers no hook where it connects, in a thread of its
        # own; its connections are known by the caller's module.
        caller = sys._getframe(1).f_globals.get("__name__", "")
        if caller.startswith("aiosqlite"):
            self.asynchronous.append(conn)
        conn.set_trace_callback(self.statements.append)
        return conn

    def _found(self, look: Look) -> Look:
        """Return `look`, for which a database in another folder exists.

        That is where users.db does; `look` is such as os.path.exists.
        """
        def found(path: Any) -> bool:
            is_database = str(path).endswith(SUFFIXES)
            elsewhere = os.path.dirname(str(path)) not in ("", ".")
            return look(self.path if is_database and elsewhere else path)
        return found

    @contextmanager
    def served(self) -> Iterator[None]:
        """Redirect every sqlite3 (and so aiosqlite) connection here."""
        with self.server.served(), redirected(self.open, self._found):
            self.rebuild()
            try:
                yield
            finally:
                self.forget()


def is_open(conn: Any) -> bool:
    """Return whether a connection can still be used, from any thread."""
    if users_mysql.is_connection(conn):
        return users_mysql.is_open(conn)
    try:
        conn.total_changes
    except sqlite3.ProgrammingError:
        return False
    return True


def plain(rows: Any) -> Any:
    """Turn one or more rows into tuples.

    A row may be a sqlite3.Row, a list in a list, or a dict with the
    columns as keys.
    """
    if type(rows) is sqlite3.Row:
        return tuple(rows)
    if type(rows) is dict:
        return tuple(rows.values())
    if type(rows) is list:
        return [tuple(row) if type(row) is list else plain(row)
                for row in rows]
    return tuple(map(plain, rows)) if type(rows) is tuple else rows
