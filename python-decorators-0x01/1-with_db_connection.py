#!/usr/bin/env python3
"""A decorator that opens a database connection around a call."""

import functools
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def with_db_connection(func: Callable[Concatenate[sqlite3.Connection, P], R]
                       ) -> Callable[P, R]:
    """Pass an open connection to users.db as the first argument.

    It is closed when the call ends, however it ends; what was not
    committed by then is lost.
    """
    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        # Opened this way a missing file is an error, not a new database.
        uri = "file:users.db?mode=rw"
        with closing(sqlite3.connect(uri, uri=True)) as conn:
            return func(conn, *args, **kwargs)
    return wrapper


@with_db_connection
def get_user_by_id(conn: sqlite3.Connection, user_id: int) -> Any:
    """Return the user's row, or None."""
    cursor = conn.execute("SELECT * FROM users WHERE id = ?", (user_id,))
    return cursor.fetchone()


if __name__ == "__main__":
    try:
        print(get_user_by_id(user_id=1))
    except sqlite3.Error as error:
        sys.exit(f"users.db: {error}")
