"""A real MySQL server, reached by the real drivers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from unittest import mock

from alx.lite import User
from alx.mysql_table import databases, fill
from alx.world import Read
from grader.kit.mysql import dotenv


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
