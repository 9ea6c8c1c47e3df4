#!/usr/bin/env python3
"""A decorator that logs the SQL query a function is about to run."""

import functools
import logging
import sqlite3
import sys
from collections.abc import Callable
from contextlib import closing
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)


def log_queries(func: Callable[P, R]) -> Callable[P, R]:
    """Log the query of each call, then make the call.

    The query is the keyword `query` or else the first text among the
    positional arguments, so a connection may come before it.
    """
    @functools.wraps(func)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        texts = (arg for arg in args if isinstance(arg, str))
        logger.info("%s runs: %s", func.__name__,
                    kwargs.get("query", next(texts, None)))
        return func(*args, **kwargs)
    return wrapper


@log_queries
def fetch_all_users(query: str) -> list[Any]:
    """Return every row that the query finds in users.db."""
    with closing(sqlite3.connect("file:users.db?mode=rw", uri=True)) as conn:
        return conn.execute(query).fetchall()


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    try:
        print(fetch_all_users(query="SELECT * FROM users"))
    except sqlite3.Error as error:
        sys.exit(f"users.db: {error}")
