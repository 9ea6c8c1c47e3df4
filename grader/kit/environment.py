"""The environment variables of a file under test."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


@contextmanager
def environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Add settings to the environment, and restore it at the end.

    Unlike mock.patch.dict this writes only what differs, which is faster.
    """
    before = os.environ.copy()
    change_to({**before, **settings})
    try:
        yield
    finally:
        change_to(before)


def change_to(wanted: Mapping[str, str]) -> None:
    """Make the environment hold these variables and no others."""
    now = os.environ.copy()
    for name in now.keys() - wanted.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in wanted.items()
                       if now.get(name) != value})
