"""Tells the names that a module defines from those that it imports.

The names that code binds itself can be chosen freely, so they say nothing
about what it does. Imported names count by what they stand for.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*FUNCTIONS, ast.ClassDef)


class Names:
    """The names bound in a scope, numbered in the order of their use."""

    def __init__(self, names: Iterable[str]) -> None:
        self._own = frozenset(names)
        self._numbers: dict[str, int] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._own

    def number(self, name: str) -> int:
        """Return the number of a name; a new one gets the next number."""
        return self._numbers.setdefault(name, len(self._numbers))


def bound(body: Iterable[ast.AST]) -> set[str]:
    """Return the names that a body binds, but not those in inner scopes.

    Imported names are not among them.
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
    """Yield the attributes that the module assigns or defines in classes."""
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
