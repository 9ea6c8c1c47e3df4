#!/usr/bin/env python3
"""A decorator that makes a call one transaction: all of it or nothing."""

import functools
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Concatenate, ParamSpec, TypeVar

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


def transactional(func: Callable[Concatenate[sqlite3.Connection, P], R]
                  ) -> Callable[Concatenate[sqlite3.Connection, P], R]:
    """Commit when the call returns; roll back when it or the commit fails.

    The original error goes on to the caller.
    """
    @functools.wraps(func)
    def wrapper(conn: sqlite3.Connection, /,
                *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            result = func(conn, *args, **kwargs)
            conn.commit()
        except BaseException:
            conn.rollback()
            raise
        return result
    return wrapper


@with_db_connection
@transactional
def update_user_email(conn: sqlite3.Connection, user_id: int,
                      new_email: str) -> None:
    """Give a user another address."""
    conn.execute("UPDATE users SET email = ? WHERE id = ?",
                 (new_email, user_id))


if __name__ == "__main__":
    try:
        update_user_email(user_id=1, new_email="new@example.com")
    except sqlite3.Error as error:
        sys.exit(f"users.db: {error}")
