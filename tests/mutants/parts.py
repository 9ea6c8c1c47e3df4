"""Sequences with a part left out or swapped, and the words for it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")


def without(several: Sequence[T]) -> Iterator[tuple[T, list[T]]]:
    """Yield each with the list of the others."""
    for place, each in enumerate(several):
        yield each, cut_out(several, place)


def cut_out(several: Sequence[T], place: int) -> list[T]:
    """Return a copy without the one at a place."""
    return [*several[:place], *several[place + 1:]]


def swapped(several: Sequence[T]) -> Iterator[tuple[T, T, list[T]]]:
    """Yield two neighbours, and a copy with them swapped."""
    for place, (one, other) in enumerate(pairwise(several)):
        yield one, other, [*several[:place], other, one, *several[place + 2:]]


def lacking(node: ast.AST) -> str:
    """Return the words for one that is left out."""
    return f"without {ast.unparse(node)}"


def switching(one: ast.AST, other: ast.AST) -> str:
    """Return the words for two that are swapped."""
    return f"with {ast.unparse(other)} before {ast.unparse(one)}"
