"""The users table for answers that use MySQL, in any database they name.

The drivers are the stand-in's: no server is needed, and any host, user and
password will do.
"""

from __future__ import annotations

import importlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.kit.drivers import is_of_driver
from grader.kit.scratch import texts_of

# Imported only where a file uses MySQL: few do, and it takes 30 ms.
if TYPE_CHECKING:
    from grader.kit import mysql
    from grader.kit.mysql.session import Session

_IMPORTS = r"^\s*(?:import|from)\s+"
_MYSQL = re.compile(_IMPORTS + "(mysql|pymysql|MySQLdb)", re.M)
# Calls only: the import of sqlite3 in the starter is easily left behind.
_SQLITE = re.compile(r"\b(?:sqlite3|aiosqlite)\.connect\b"
                     r"|^\s*from\s+(?:sqlite3|aiosqlite)\s+import", re.M)
_OFFERED = re.compile(_IMPORTS + "(mysql|pymysql|MySQLdb|dotenv)", re.M)
_TABLE = ("CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(255),"
          " email VARCHAR(255), age INT)")


class UsersServer:
    """The stand-in server in `folder`, and what was done to it."""

    def __init__(self, folder: Path) -> None:
        # The database of connections that ask for none, if there is one.
        self.default: str | None = None
        self._folder = folder
        self._server: mysql.Server | None = None
        self._rows: Sequence[Sequence[Any]] | None = None
        self._database: str | None = None

    @property
    def opened(self) -> int:
        """Count the connections opened since the last `forget`."""
        return self._server.opened if self._server else 0

    @property
    def left_open(self) -> int:
        """Count the connections of these that were never closed."""
        closed = self._server.closed if self._server else 0
        # One that was opened before `forget` may be closed after it.
        return max(0, self.opened - closed)

    @property
    def rollbacks(self) -> int:
        """Count the calls of rollback."""
        return self._server.rollbacks if self._server else 0

    def forget(self) -> None:
        """Clear the records."""
        if self._server:
            self._server.clear_records()

    def rebuild(self, rows: Sequence[Sequence[Any]] | None) -> None:
        """Drop the databases; new ones have these users, or no table."""
        self._rows = rows
        if self._server:
            self._server.reset()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read what is committed in the database that was used last."""
        from grader.kit.mysql.execution import execute
        with self._session(self._database) as session:
            return [tuple(row) for result in execute(session, query)
                    for row in result.rows]

    def _session(self, database: str | None) -> closing[Session]:
        """Open a session that the server does not count."""
        from grader.kit.mysql.session import Session
        assert self._server
        return closing(Session(self._server, database))

    def _provide(self, database: str) -> None:
        """Create a database the first time that it is asked for."""
        from grader.kit.mysql.execution import execute
        from grader.kit.mysql.queries import many
        assert self._server
        self._database = database
        if self._server.exists(database):
            return
        self._server.create(database)
        if self._rows is None:
            return
        with self._session(database) as session:
            list(execute(session, _TABLE))
            many(session, "INSERT INTO users VALUES (%s, %s, %s, %s)",
                 self._rows)
            session.finish("COMMIT")

    @contextmanager
    def served(self) -> Iterator[None]:
        """Put the drivers in place, where a file asks for one."""
        if not any(map(_asks_for_driver, texts_of(self._folder.parent))):
            yield
            return
        from grader.kit import mysql
        self._server = mysql.install(self._folder, self.default,
                                     self._provide)
        try:
            yield
        finally:
            self._server.reset()
            mysql.uninstall()


@lru_cache(maxsize=32)
def _asks_for_driver(source: str) -> bool:
    return _OFFERED.search(source) is not None


@lru_cache(maxsize=8)
def driver_of(source: str) -> str | None:
    """Return the MySQL driver that a file imports, unless it uses SQLite."""
    found = _MYSQL.search(source)
    if not found or _SQLITE.search(source):
        return None
    return "mysql.connector" if found[1] == "mysql" else found[1]


def connect(driver: str | None) -> Any:
    """Open a connection to the users, with one driver or with sqlite3."""
    if driver is None:
        return sqlite3.connect("users.db")
    module: Any = importlib.import_module(driver)
    return module.connect(host="localhost", user="root", password="root",
                          database="users")


def operational_error(driver: str | None) -> type[Exception]:
    """Return the driver's class of errors that may pass on a retry."""
    if driver is None:
        return sqlite3.OperationalError
    kind: type[Exception] = importlib.import_module(driver).OperationalError
    return kind


def any_error(driver: str | None) -> type[Exception]:
    """Return the base class of the driver's errors of a statement."""
    if driver is None:
        return sqlite3.OperationalError
    kind: type[Exception] = importlib.import_module(driver).Error
    return kind


def is_error(value: object) -> bool:
    """Return whether a value is an error of one of the drivers."""
    return isinstance(value, Exception) and is_of_driver(value)


def is_connection(value: object) -> bool:
    """Return whether a value is a connection of one of the drivers."""
    return is_of_driver(value) and hasattr(value, "commit")


def is_open(conn: Any) -> bool:
    """Return whether a connection can still be used."""
    session = getattr(conn, "_session", None)
    return session is not None and bool(session.alive)
