#!/usr/bin/env python3
"""A decorator that tries a failing call again after a pause."""

import functools
import logging
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)


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


def retry_on_failure(retries: int = 3, delay: float = 2
                     ) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Make at most `retries` attempts, `delay` seconds apart.

    The error of the last attempt goes on to the caller, at once.
    """
    if retries < 1:
        raise ValueError("retries must be at least 1")

    def decorate(func: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(func)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            for attempt in range(1, retries):
                try:
                    return func(*args, **kwargs)
                except Exception as error:
                    logger.warning("attempt %d of %d of %s failed: %s",
                                   attempt, retries, func.__name__, error)
                    time.sleep(delay)
            return func(*args, **kwargs)
        return wrapper
    return decorate


@with_db_connection
@retry_on_failure(retries=3, delay=1)
def fetch_users_with_retry(conn: sqlite3.Connection) -> list[Any]:
    """Return every user, also when the database is busy for a moment."""
    return conn.execute("SELECT * FROM users").fetchall()


if __name__ == "__main__":
    try:
        print(fetch_users_with_retry())
    except sqlite3.Error as error:
        sys.exit(f"users.db: {error}")
