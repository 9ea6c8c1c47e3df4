"""The database ALX_prodev and its table, read and written by a driver.

The driver is mysql.connector: the real one, or the stand-in's.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from importlib import import_module
from typing import Any

from alx.prodev_sqlite import User

DATABASE = "ALX_prodev"
TABLE = ("CREATE TABLE user_data (user_id CHAR(36) NOT NULL PRIMARY KEY,"
         " name VARCHAR(255) NOT NULL, email VARCHAR(255) NOT NULL,"
         " age DECIMAL(10, 0) NOT NULL)")
INSERT = "INSERT INTO user_data VALUES (%s, %s, %s, %s)"


def rows(query: str, database: str = DATABASE) -> list[tuple[Any, ...]]:
    """Read what is committed, over a connection of its own.

    Raises the driver's errors.
    """
    driver: Any = import_module("mysql.connector")
    with closing(driver.connect(host="127.0.0.1", user="root",
                                database=database)) as conn:
        cursor = conn.cursor()
        cursor.execute(query)
        return list(map(tuple, cursor.fetchall()))


def write(query: str, values: Sequence[Any] = (),
          database: str = DATABASE) -> None:
    """Change something and commit it, over a connection of its own.

    Raises the driver's errors.
    """
    driver: Any = import_module("mysql.connector")
    with closing(driver.connect(host="127.0.0.1", user="root",
                                database=database)) as conn:
        conn.cursor().execute(query, tuple(values))
        conn.commit()


def databases() -> list[str]:
    """Return the names of the databases that the server did not bring."""
    from grader.kit.mysql.server import SYSTEM

    return [str(name) for name, in rows("SHOW DATABASES", "")
            if str(name).lower() not in SYSTEM]


def fill(users: Sequence[User]) -> None:
    """Create the database, the table and its rows."""
    driver: Any = import_module("mysql.connector")
    with closing(driver.connect(host="127.0.0.1", user="root")) as conn:
        cursor = conn.cursor()
        cursor.execute(f"CREATE DATABASE {DATABASE}")
        cursor.execute(f"USE {DATABASE}")
        cursor.execute(TABLE)
        cursor.executemany(INSERT, list(users))
        conn.commit()
