#!/usr/bin/env python3
"""Repeat every element of a tuple in place, to mypy's satisfaction."""

from typing import TypeVar

T = TypeVar("T")


def zoom_array(lst: tuple[T, ...], factor: int = 2) -> list[T]:
    """Return a list with each element of lst factor times in a row."""
    return [element for element in lst for _ in range(factor)]


array = (12, 72, 91)

zoom_2x = zoom_array(array)

zoom_3x = zoom_array(array, 3)
