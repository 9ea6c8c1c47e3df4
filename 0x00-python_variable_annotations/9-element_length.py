#!/usr/bin/env python3
"""Measure the elements of anything that can be looped over."""

from collections.abc import Iterable, Sequence
from typing import Any


def element_length(
        lst: Iterable[Sequence[Any]]) -> list[tuple[Sequence[Any], int]]:
    """Return each element with its length, in order."""
    return [(element, len(element)) for element in lst]
