"""The users table for those who use MySQL, in whatever database they ask for.

The drivers are the stand-in's: nobody needs a server, and a file's own host,
user and password are as good as any other.
"""

from __future__ import annotations

import importlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from grader.kit.drivers import is_of_driver

# Imported where a file wants MySQL: few do, and it is a large family.
if TYPE_CHECKING:
    from grader.kit import mysql
    from grader.kit.mysql.session import Session

_IMPORTS = r"^\s*(?:import|from)\s+"
_MYSQL = re.compile(_IMPORTS + "(mysql|pymysql|MySQLdb)", re.M)
# A starter's import of sqlite3 is easily left behind.
_SQLITE = re.compile(r"\b(?:sqlite3|aiosqlite)\.connect\b"
                     r"|^\s*from\s+(?:sqlite3|aiosqlite)\s+import", re.M)
_OFFERED = re.compile(_IMPORTS + "(mysql|pymysql|MySQLdb|dotenv)", re.M)
_TABLE = ("CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(255),"
          " email VARCHAR(255), age INT)")


class UsersServer:
    """The stand-in server in `folder`, and what was done to it."""

    def __init__(self, folder: Path) -> None:
        # The database of those who ask for none, if there is one.
        self.default: str | None = None
        self._folder = folder
        self._server: mysql.Server | None = None
        self._rows: Sequence[Sequence[Any]] | None = None
        self._base = 0
        self._database: str | None = None

    @property
    def opened(self) -> int:
        """Count the connections opened since the last `forget`."""
        return self._server.opened - self._base if self._server else 0

    @property
    def left_open(self) -> int:
        """Count the connections that nobody has closed."""
        closed = self._server.closed if self._server else 0
        return max(0, self.opened - closed)

    @property
    def rollbacks(self) -> int:
        """Count the calls of rollback."""
        return self._server.rollbacks if self._server else 0

    def forget(self) -> None:
        """Start the records anew."""
        if self._server:
            self._server.clear_records()
            self._base = self._server.opened

    def rebuild(self, rows: Sequence[Sequence[Any]] | None) -> None:
        """Have every database anew, with these users or without a table."""
        self._rows = rows
        if self._server:
            self._server.reset()
            self.forget()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read what is committed in the database that was used last."""
        session = self._session(self._database)
        try:
            return [tuple(row) for result in session.execute(query)
                    for row in result.rows]
        finally:
            session.close()

    def _session(self, database: str | None) -> Session:
        """Open a session that does not count."""
        from grader.kit.mysql.session import Session
        assert self._server
        self._base += 1
        return Session(self._server, database)

    def _provide(self, database: str) -> None:
        """Make a database the first time that somebody asks for it."""
        assert self._server
        self._database = database
        if self._server.exists(database):
            return
        self._server.create(database)
        if self._rows is None:
            return
        session = self._session(database)
        list(session.execute(_TABLE))
        session.many("INSERT INTO users VALUES (%s, %s, %s, %s)", self._rows)
        session.finish("COMMIT")
        session.close()

    @contextmanager
    def served(self) -> Iterator[None]:
        """Put the drivers in place, where a file asks for one."""
        sources = (path.read_text(errors="replace")
                   for path in self._folder.parent.glob("*.py"))
        if not any(map(_OFFERED.search, sources)):
            yield
            return
        from grader.kit import mysql
        self._server = mysql.install(self._folder)
        try:
            with self._any_database():
                yield
        finally:
            self._server.reset()
            mysql.uninstall()

    @contextmanager
    def _any_database(self) -> Iterator[None]:
        """Provide databases under every name."""
        from grader.kit.mysql.session import Session
        begin, use = Session.__init__, Session.use

        def use_any(session: Session, database: str) -> None:
            self._provide(database)
            use(session, database)

        def begin_any(session: Session, server: mysql.Server,
                      database: str | None = None) -> None:
            begin(session, server, database or self.default)
        with mock.patch.object(Session, "use", use_any), \
                mock.patch.object(Session, "__init__", begin_any):
            yield


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
    """Return the driver's class of errors that pass."""
    if driver is None:
        return sqlite3.OperationalError
    kind: type[Exception] = importlib.import_module(driver).OperationalError
    return kind


def any_error(driver: str | None) -> type[Exception]:
    """Return what all the driver's errors of a statement have in common."""
    if driver is None:
        return sqlite3.OperationalError
    kind: type[Exception] = importlib.import_module(driver).Error
    return kind


def is_error(value: object) -> bool:
    """Tell whether a value is an error of one of the drivers."""
    return isinstance(value, Exception) and is_of_driver(value)


def is_connection(value: object) -> bool:
    """Tell whether a value is a connection of one of the drivers."""
    return is_of_driver(value) and hasattr(value, "commit")


def is_open(conn: Any) -> bool:
    """Tell whether a connection can still be used."""
    session = getattr(conn, "_session", None)
    return session is not None and bool(session.alive)
