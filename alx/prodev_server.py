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
from typing import Any
from unittest import mock

from alx.prodev_database import DATABASE, databases, fill
from alx.prodev_sqlite import User
from alx.prodev_world import Read, World
from grader.kit.mysql import Server, Snapshot, dotenv, install

SETTING = "GRADE_MYSQL"


class StandIn:
    """The embedded server, which records every query and fetch."""

    records = True

    def __init__(self, folder: Path) -> None:
        self.server: Server = install(folder)
        # By identity: to hash thousands of users takes longer than a check.
        self._snapshots: dict[int, tuple[object, Snapshot]] = {}
        self._held: Snapshot | None = None
        # With the table, which is empty.
        self._empty: Snapshot | None = None
        self._noted: list[Read] = []

    def hold(self, users: Sequence[User] | None) -> None:
        if id(users) in self._snapshots:
            _, self._held = self._snapshots[id(users)]
            self.server.restore(self._held)
            return
        if users is None:
            self.server.reset()
        else:
            self._fill(users)
        self._held = self.server.snapshot()
        # The users are kept, or others could get the same id.
        self._snapshots[id(users)] = users, self._held
        self.forget()

    def _fill(self, users: Sequence[User]) -> None:
        """Create the table as on any server, and its rows in the file.

        That takes half the time of INSERT, and there are thousands of rows.
        """
        if self._empty is None:
            self.server.reset()
            fill(())
            self._empty = self.server.snapshot()
        self.server.restore(self._empty)
        with self.server.lent(DATABASE) as handle:
            handle.execute("BEGIN")
            handle.executemany("INSERT INTO user_data VALUES (?, ?, ?, ?)",
                               users)
            handle.execute("COMMIT")

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

    def __init__(self, address: str) -> None:
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
                        pass  # it has ended by itself
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
        """Give every connection of a real driver this host and port."""
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
            # The package mysqlclient is imported as MySQLdb; where it is
            # not installed, PyMySQL takes its name.
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
        return Remote(address)
    return StandIn(folder / ".mysql")
