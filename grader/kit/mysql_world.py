"""The MySQL server of a suite: the stand-in, or a real one.

GRADE_MYSQL=host:port leads every connection of the real drivers to that
server, whichever host and port a file names; every database on it is
dropped. Without it the embedded stand-in takes the drivers' place.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from unittest import mock

from grader.kit.lite import User
from grader.kit.mysql import Server, Snapshot, dotenv, install

SETTING = "GRADE_MYSQL"
DATABASE = "ALX_prodev"
TABLE = ("CREATE TABLE user_data (user_id CHAR(36) NOT NULL PRIMARY KEY,"
         " name VARCHAR(255) NOT NULL, email VARCHAR(255) NOT NULL,"
         " age DECIMAL(10, 0) NOT NULL)")
INSERT = "INSERT INTO user_data VALUES (%s, %s, %s, %s)"
_SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")


class Read(NamedTuple):
    """Rows that came to the client by one method of a cursor."""

    method: str
    rows: int


class World(Protocol):
    """What a suite asks of its server.

    `records` says whether `reads`, `selects` and `open_connections` know
    anything: nobody sees what a real driver does.
    """

    records: bool
    folder: Path

    def hold(self, users: Sequence[User] | None) -> None:
        """Start anew with these users in the table, or with nothing."""

    def is_untouched(self) -> bool:
        """Tell whether it is sure that all is as `hold` left it."""

    def forget(self) -> None:
        """Start the records anew."""

    def reads(self) -> list[Read]:
        """Return what was fetched since the last `forget`."""

    def selects(self) -> list[str]:
        """Return the SELECT statements on user_data since `forget`."""

    def note(self, method: str, rows: int) -> None:
        """Hear of a fetch from another driver."""

    @property
    def open_connections(self) -> int:
        """Count the connections that are open."""

    def served(self) -> Any:
        """Return a context in which the drivers lead here."""


def rows(query: str, database: str = DATABASE) -> list[tuple[Any, ...]]:
    """Read what is committed, over a connection of our own.

    Raises the driver's errors.
    """
    driver: Any = import_module("mysql.connector")
    with closing(driver.connect(host="127.0.0.1", user="root",
                                database=database)) as conn:
        cursor = conn.cursor()
        cursor.execute(query)
        return list(map(tuple, cursor.fetchall()))


def databases() -> list[str]:
    """Return the names of the databases that somebody made."""
    return [str(name) for name, in rows("SHOW DATABASES", "")
            if str(name).lower() not in _SYSTEM]


def fill(users: Sequence[User]) -> None:
    """Make the database, the table and its rows."""
    driver: Any = import_module("mysql.connector")
    with closing(driver.connect(host="127.0.0.1", user="root")) as conn:
        cursor = conn.cursor()
        cursor.execute(f"CREATE DATABASE {DATABASE}")
        cursor.execute(f"USE {DATABASE}")
        cursor.execute(TABLE)
        cursor.executemany(INSERT, list(users))
        conn.commit()


class StandIn:
    """The embedded server, which writes down all that it does."""

    records = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Server = install(folder)
        # By identity, since the hash of thousands of users takes its time.
        self._snapshots: dict[int, tuple[object, Snapshot]] = {}
        self._held: Snapshot | None = None
        self._noted: list[Read] = []

    def hold(self, users: Sequence[User] | None) -> None:
        if id(users) in self._snapshots:
            _, self._held = self._snapshots[id(users)]
            self.server.restore(self._held)
            return
        self.server.reset()
        if users is not None:
            fill(users)
        self._held = self.server.snapshot()
        self._snapshots[id(users)] = users, self._held
        self.forget()

    def is_untouched(self) -> bool:
        return self._held is not None and self.server.is_as(self._held)

    def forget(self) -> None:
        self.server.clear_records()
        self._noted.clear()

    def reads(self) -> list[Read]:
        return self._noted + [Read(each.method, each.rows)
                              for each in self.server.fetches]

    def selects(self) -> list[str]:
        return [each.sql for each in self.server.queries
                if each.kind == "select" and "user_data" in each.sql]

    def note(self, method: str, rows: int) -> None:
        self._noted.append(Read(method, rows))

    @property
    def open_connections(self) -> int:
        return self.server.open_connections

    @contextmanager
    def served(self) -> Iterator[None]:
        yield


class Remote:
    """A real server, reached by the real drivers."""

    records = False
    open_connections = 0

    def __init__(self, address: str, folder: Path) -> None:
        self.folder = folder
        host, _, port = address.rpartition(":")
        self._host, self._port = host or "127.0.0.1", int(port)

    def hold(self, users: Sequence[User] | None) -> None:
        driver: Any = import_module("mysql.connector")
        with closing(driver.connect(user="root")) as conn:
            cursor = conn.cursor()
            cursor.execute("SHOW PROCESSLIST")
            for row in cursor.fetchall():
                # An open transaction would make DROP DATABASE wait.
                if row[0] != conn.connection_id and row[4] != "Daemon":
                    try:
                        cursor.execute(f"KILL {row[0]}")
                    except driver.Error:
                        pass  # it has gone by itself
            for name in databases():
                cursor.execute(f"DROP DATABASE `{name}`")
        if users is not None:
            fill(users)

    def is_untouched(self) -> bool:
        return False

    def forget(self) -> None:
        """Do nothing: there are no records."""

    def reads(self) -> list[Read]:
        return []

    def selects(self) -> list[str]:
        return []

    def note(self, method: str, rows: int) -> None:
        """Do nothing: there are no records."""

    @contextmanager
    def served(self) -> Iterator[None]:
        """Give every connection of a real driver our host and port."""
        abstracts: Any = import_module("mysql.connector.abstracts")
        base = abstracts.MySQLConnectionAbstract
        config = base.config

        def redirected(connection: Any, **options: Any) -> None:
            options.pop("unix_socket", None)
            config(connection, **options | {"host": self._host,
                                            "port": self._port})

        offered = {} if find_spec("dotenv") else {"dotenv": dotenv}
        with mock.patch.object(base, "config", redirected), \
                mock.patch.dict(sys.modules, offered), self._pymysql():
            yield

    @contextmanager
    def _pymysql(self) -> Iterator[None]:
        try:
            driver: Any = import_module("pymysql")
        except ImportError:
            yield
            return
        connect = driver.connections.Connection.connect

        def redirected(connection: Any, *args: Any) -> None:
            connection.host, connection.port = self._host, self._port
            connection.unix_socket = None
            connect(connection, *args)

        with mock.patch.object(driver.connections.Connection, "connect",
                               redirected):
            # Python calls mysqlclient MySQLdb; PyMySQL can play its part.
            try:
                import_module("MySQLdb")
            except ImportError:
                driver.install_as_MySQLdb()
            yield


@cache
def world(folder: Path) -> World:
    """Return the server for the suites that run in this process."""
    address = os.environ.get(SETTING)
    if address:
        return Remote(address, folder / ".mysql")
    return StandIn(folder / ".mysql")
