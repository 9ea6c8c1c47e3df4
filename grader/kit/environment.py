"""The environment variables of a file under test."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any


@contextmanager
def environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Add settings to os.environ, and restore it at the end.

    Another object of the same kind takes its place meanwhile: to write a
    hundred variables and to remove them takes longer than a check, since
    each goes to the environment of C too. A child process lacks them.
    """
    real = os.environ
    # What it holds, in bytes. A copy of it decodes all, which takes long.
    held: dict[Any, Any] = getattr(real, "_data")
    lent = {**held, **_encoded(tuple(settings.items()))}
    used = dict(lent)
    os.environ = type(real)(used, real.encodekey, real.decodekey,
                            real.encodevalue, real.decodevalue)
    try:
        yield
    finally:
        os.environ = real
        if used != lent:
            _take_back(held, used.items() ^ lent.items())


@lru_cache(maxsize=4)
def _encoded(settings: tuple[tuple[str, str], ...]) -> dict[Any, Any]:
    """Return variables as os.environ keeps them."""
    return {os.environ.encodekey(name): os.environ.encodevalue(value)
            for name, value in settings}


def _take_back(held: Mapping[Any, Any], changed: set[tuple[Any, Any]]) -> None:
    """Undo changes in the environment of C, where they are written too."""
    for name, _ in changed:
        if name in held:
            os.putenv(name, held[name])
        else:
            os.unsetenv(name)


def change_to(wanted: Mapping[str, str]) -> None:
    """Make the environment hold these variables and no others."""
    now = os.environ.copy()
    for name in now.keys() - wanted.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in wanted.items()
                       if now.get(name) != value})
