"""Counts the loops of a file, the way a statement limits them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def lines_of_loops(source: bytes) -> list[int]:
    """Return the line of each for and while statement in a function.

    Comprehensions, loops outside functions and those of a function `main`,
    which is there for demonstration, do not count.
    """
    return sorted(set(_in(ast.parse(source), False)))


def has_functions(source: bytes) -> bool:
    """Tell whether there is a function that could hold loops."""
    return any(isinstance(node, _FUNCTIONS)
               for node in ast.walk(ast.parse(source)))


def _in(node: ast.AST, counts: bool) -> Iterator[int]:
    if isinstance(node, _FUNCTIONS):
        if node.name == "main":
            return
        counts = True
    if counts and isinstance(node, _LOOPS):
        yield node.lineno
    for child in ast.iter_child_nodes(node):
        yield from _in(child, counts)
