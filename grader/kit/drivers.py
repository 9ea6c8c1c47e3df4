"""Database drivers: the ones outside the course, and what errors say."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

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


def driver_text(error: BaseException) -> str | None:
    """Return what a driver's or system's error says, None for others.

    Their arguments are a tuple, of number, text and state.
    """
    name = type.__dict__["__name__"].__get__(type(error))
    if isinstance(error, OSError):
        return f"{name}: {OSError.__str__(error)[:300]}"
    number, text = getattr(error, "errno", None), getattr(error, "msg", None)
    if type(number) is int and type(text) is str:
        return f"{name}: {text[:300]}"
    return None


def wants_postgres(error: BaseException | None) -> bool:
    """Tell whether an error is about a missing PostgreSQL driver."""
    return (isinstance(error, ModuleNotFoundError)
            and (error.name or "").partition(".")[0] in POSTGRES)
