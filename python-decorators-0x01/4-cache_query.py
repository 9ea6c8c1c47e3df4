#!/usr/bin/env python3
"""A decorator that remembers the results of database queries."""

import functools
import inspect
import sqlite3
import sys
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import closing
from typing import Any, Concatenate, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

MAX_CACHED = 128

query_cache: OrderedDict[Hashable, Any] = OrderedDict()


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


def cache_query(func: Callable[Concatenate[sqlite3.Connection, P], R]
                ) -> Callable[Concatenate[sqlite3.Connection, P], R]:
    """Call the function once for each query with its parameters.

    The results of the MAX_CACHED queries used last are kept, whatever is
    written to the database meanwhile; errors are not. Callers share a
    result, so they must not change it.
    """
    signature = inspect.signature(func)

    @functools.wraps(func)
    def wrapper(conn: sqlite3.Connection, /,
                *args: P.args, **kwargs: P.kwargs) -> R:
        # Bound to the parameters, a keyword or a default is no difference.
        bound = signature.bind(conn, *args, **kwargs)
        bound.apply_defaults()
        key = func, *map(freeze, list(bound.arguments.values())[1:])
        if key not in query_cache:
            query_cache[key] = func(conn, *args, **kwargs)
            if len(query_cache) > MAX_CACHED:
                query_cache.popitem(last=False)
        query_cache.move_to_end(key)
        result: R = query_cache[key]
        return result
    return wrapper


def freeze(value: object) -> Hashable:
    """Return something hashable that stands for a list, a dict or both."""
    if isinstance(value, dict):
        return frozenset((name, freeze(each)) for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return tuple(map(freeze, value))
    return type(value), value


@with_db_connection
@cache_query
def fetch_users_with_cache(conn: sqlite3.Connection, query: str) -> list[Any]:
    """Return what the query finds."""
    return conn.execute(query).fetchall()


if __name__ == "__main__":
    try:
        print(fetch_users_with_cache(query="SELECT * FROM users"))
        print(fetch_users_with_cache(query="SELECT * FROM users"))
    except sqlite3.Error as error:
        sys.exit(f"users.db: {error}")
