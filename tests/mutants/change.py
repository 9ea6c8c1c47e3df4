"""What is put in the place of a node, and how it is called."""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

_WIDTH = 60


@dataclass(frozen=True)
class Change:
    """Another node, and what the change does where `brief` cannot tell.

    `is_whole` tells that all of a definition is gone.
    """

    node: ast.AST
    what: str = ""
    is_whole: bool = False


def cut(text: str) -> str:
    """Return the first line of a text, at most so long."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= _WIDTH else line[:_WIDTH] + "..."


def drop(node: ast.AST, is_whole: bool = False) -> Change:
    """Return a statement's change into nothing."""
    return Change(ast.Pass(), f"drop {_first(ast.unparse(node))}", is_whole)


def change(node: ast.AST, what: str = "", **fields: Any) -> Change:
    """Return a node's change into one with some fields different."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return Change(changed, what)


def brief(node: ast.AST, changed: ast.AST) -> str:
    """Return the first line that changes, and into what."""
    lines = zip_longest(ast.unparse(node).strip().splitlines(),
                        ast.unparse(changed).strip().splitlines(),
                        fillvalue="nothing")
    old, new = next(((old, new) for old, new in lines if old != new),
                    ("nothing", "nothing"))
    return f"{cut(old)} -> {cut(new)}"


def _first(text: str) -> str:
    """Return the first line of a statement that is no decorator."""
    lines = text.strip().splitlines()
    return cut(next(line for line in lines if not line.startswith("@")))
