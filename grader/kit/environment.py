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
    _change({**before, **settings})
    try:
        yield
    finally:
        _change(before)


def _change(wanted: Mapping[str, str]) -> None:
    now = os.environ.copy()
    for name in now.keys() - wanted.keys():
        del os.environ[name]
    os.environ.update({name: value for name, value in wanted.items()
                       if now.get(name) != value})
