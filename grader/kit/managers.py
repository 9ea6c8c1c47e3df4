"""Context managers whose constructor and result the task leaves open."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

from grader.kit.failure import Failure
from grader.kit.users_db import plain

# What a constructor's parameter is for, told by a part of its name; the
# first that fits is right.
_ROLES = (
    ("parameters", ("param", "arg", "value", "age", "bind", "condition")),
    ("query", ("query", "sql", "statement")),
    ("config", ("config", "setting", "credential")),
    ("connection", ("conn",)),
    ("host", ("host",)),
    ("port", ("port",)),
    ("user", ("user", "login")),
    ("password", ("pass", "pwd")),
    ("database", ("",)),
)
_SERVER: dict[str, Any] = {"host": "localhost", "port": 3306, "user": "root",
                           "password": "root", "database": "users"}
_DEFAULTS = {"config": _SERVER, "query": "SELECT * FROM users",
             "parameters": ()}
# How classes name what they keep or offer.
_RESULTS = ("results", "result", "rows", "data", "users", "_results",
            "_result", "_rows")
_READERS = ("fetchall", "fetch_all", "get_results", "get_result", "fetch",
            "execute", "execute_query", "run", "query", "run_query")
_HANDLES = ("cursor", "conn", "connection", "_cursor", "_conn",
            "_connection", "db", "cur")


def role(name: str) -> str:
    """Return what a constructor's parameter of this name is for."""
    name = name.lower().removeprefix("db_").removeprefix("database_")
    return next(role for role, parts in _ROLES
                if any(part in name for part in parts))


def construct(kind: Callable[..., Any], **wanted: Any) -> Any:
    """Call a class with arguments bound by what its parameters are for.

    `wanted` gives the values of the roles a call is about; parameters that
    have a default and no wanted role keep it. Raises Failure when a wanted
    role has no parameter.
    """
    values = _SERVER | _DEFAULTS | {"database": "users.db"} | wanted
    missing = set(wanted) - {"connection"}
    args: list[Any] = []
    named: dict[str, Any] = {}
    for parameter in inspect.signature(kind).parameters.values():
        what = role(parameter.name)
        missing.discard(what)
        optional = parameter.default is not parameter.empty
        if parameter.kind is parameter.VAR_POSITIONAL:
            args.extend(wanted.get(what, ()))
        elif parameter.kind is parameter.VAR_KEYWORD:
            continue
        elif optional and what not in wanted:
            continue
        elif parameter.kind is parameter.POSITIONAL_ONLY:
            args.append(values.get(what))
        else:
            named[parameter.name] = values.get(what)
    if missing:
        names = " and its ".join(sorted(missing, reverse=True))
        raise Failure(f"{kind.__name__} takes no {names}: its constructor has"
                      " no parameter named so", call=f"{kind.__name__}(...)",
                      expected=f"a constructor that takes the {names}",
                      got=f"__init__{inspect.signature(kind)}")
    return _call(kind, args, named)


def _call(kind: Callable[..., Any], args: list[Any],
          named: dict[str, Any]) -> Any:
    """Call with what comes before *args by position, too."""
    if args and named:
        names = list(inspect.signature(kind).parameters)
        before = [name for name in names if name in named]
        args = [named.pop(name) for name in before] + args
    return kind(*args, **named)


def run_query(entered: Any, manager: Any, query: str) -> Any:
    """Run a query on whatever a with statement has given; return rows."""
    for thing in (entered, *_handles(entered), *_handles(manager)):
        if callable(getattr(thing, "cursor", None)):
            cursor = thing.cursor()
            cursor.execute(query)
            return plain(cursor.fetchall())
        if hasattr(thing, "fetchall"):
            thing.execute(query)
            return plain(thing.fetchall())
    for name in _READERS:
        if callable(method := getattr(entered, name, None)):
            return plain(_rows_of(method(query)))
    return plain(entered)


def rows_of(entered: Any) -> Any:
    """Return the rows behind whatever a with statement has given."""
    found = _rows_of(entered)
    if isinstance(found, (list, tuple)):
        return plain(list(found))
    for name in _RESULTS:
        kept = getattr(entered, name, None)
        if isinstance(kept, (list, tuple)):
            return plain(list(kept))
    for name in _READERS:
        if callable(method := getattr(entered, name, None)):
            return plain(_rows_of(method()))
    for handle in _handles(entered):
        if hasattr(handle, "fetchall"):
            return plain(handle.fetchall())
    return found


def _rows_of(thing: Any) -> Any:
    if hasattr(thing, "fetchall"):
        return thing.fetchall()
    return list(thing) if isinstance(thing, Iterator) else thing


def _handles(thing: Any) -> list[Any]:
    return [value for name in _HANDLES
            if (value := getattr(thing, name, None)) is not None
            and not callable(value)]
