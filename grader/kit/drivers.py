"""Database drivers: those that are not accepted, and errors of others."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_DRIVERS = ("mysql.", "pymysql", "MySQLdb")
POSTGRES = ("psycopg2", "psycopg", "asyncpg", "aiopg", "pg8000")


@contextmanager
def without(modules: tuple[str, ...]) -> Iterator[None]:
    """Make modules impossible to import, installed or not."""
    old = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(dict.fromkeys(modules))  # type: ignore[arg-type]
    try:
        yield
    finally:
        for name, module in old.items():
            del sys.modules[name]
            if module is not None:
                sys.modules[name] = module


def is_of_driver(value: object) -> bool:
    """Return whether a value's class is one of a MySQL driver's."""
    return type(value).__module__.startswith(_DRIVERS)


def driver_text(error: BaseException) -> str | None:
    """Return what a MySQL driver's error says, None for others.

    Its arguments are a tuple, of number, text and state.
    """
    if not is_of_driver(error):
        return None
    number, text = getattr(error, "errno", None), getattr(error, "msg", None)
    return text if type(number) is int and type(text) is str else None


def postgres(error: BaseException | None) -> str | None:
    """Return the PostgreSQL driver that an error says is missing."""
    name = error.name if isinstance(error, ModuleNotFoundError) else None
    name = (name or "").partition(".")[0]
    return name if name in POSTGRES else None
