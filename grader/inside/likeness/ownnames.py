"""Which names in a module are the learner's own, and which stand for others.

Of the names that code goes by, those that it binds itself say nothing
about what it does; those that it imports mean the same however imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*FUNCTIONS, ast.ClassDef)


class Names:
    """Names of one's own, numbered in the order they are asked for."""

    def __init__(self, names: Iterable[str]) -> None:
        self._own = frozenset(names)
        self._numbers: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._own

    def number(self, name: str) -> int:
        """Return the place of a name among those asked for so far."""
        return self._numbers.setdefault(name, len(self._numbers))


def bound(body: Iterable[ast.AST]) -> set[str]:
    """Return the names that a body binds, without scopes within it.

    What it imports is not its own.
    """
    names: set[str] = set()
    outer: set[str] = set()
    left = list(body)
    while left:
        node = left.pop()
        if isinstance(node, _DEFINITIONS):
            names.add(node.name)
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            outer.update(node.names)
        elif not isinstance(node, ast.Lambda):
            names.update(_binds(node))
            left.extend(ast.iter_child_nodes(node))
    return names - outer


def _binds(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name


def parameters(node: ast.AST) -> Iterator[str]:
    """Yield the parameters of all functions in a node."""
    for each in ast.walk(node):
        if isinstance(each, ast.arg):
            yield each.arg


def attributes(tree: ast.Module) -> Iterator[str]:
    """Yield the attributes that the module itself stores or defines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(
                node.ctx, ast.Store):
            yield node.attr
        elif isinstance(node, ast.ClassDef):
            yield from (each.name for each in node.body
                        if isinstance(each, _DEFINITIONS))


def imported(tree: ast.Module) -> dict[str, str]:
    """Return what imported names stand for, such as "random.uniform"."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.asname: each.name for each in node.names
                      if each.asname}
        elif isinstance(node, ast.ImportFrom):
            found |= {each.asname or each.name: f"{node.module}.{each.name}"
                      for each in node.names}
    return found
