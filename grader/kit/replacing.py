"""Replaces attributes of modules and classes for a while."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# An object, the name of one of its own attributes, and what it becomes.
Change = tuple[Any, str, object]


@contextmanager
def replaced(*changes: Change) -> Iterator[None]:
    """Set attributes, and put the old values back at the end.

    Each check replaces dozens, and mock.patch takes six times as long.
    """
    old = [(place, name, getattr(place, name)) for place, name, _ in changes]
    try:
        for place, name, value in changes:
            setattr(place, name, value)
        yield
    finally:
        for place, name, value in reversed(old):
            setattr(place, name, value)
