"""Counts the loops of a file as the statements of tasks limit them."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def lines_of_loops(source: bytes, demanded: Collection[str] = (),
                   with_callers: bool = False) -> list[int]:
    """Return the line of each for and while statement in a function.

    Comprehensions and loops outside functions do not count, and neither
    does what is there for demonstration: a function `main`, and where the
    `demanded` functions are named, those that only code under
    `if __name__ == "__main__"` calls. `with_callers` makes those demanded,
    too, that call a demanded one.
    """
    tree = ast.parse(source)
    shown = _of_demos(tree, demanded, with_callers) if demanded else set()
    return sorted({line for node in tree.body
                   if getattr(node, "name", "") not in shown
                   for line in _in(node, False)})


def has_functions(source: bytes) -> bool:
    """Return whether there is a function that could hold loops."""
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


def _of_demos(tree: ast.Module, demanded: Collection[str],
              with_callers: bool) -> set[str]:
    """Return the functions that only code under the main guard leads to."""
    names = {node.name: _names_in([node]) for node in tree.body
             if isinstance(node, _FUNCTIONS)}
    wanted = {name for name, others in names.items() if name in demanded
              or with_callers and not others.isdisjoint(demanded)}
    rest = [node for node in tree.body if not isinstance(node, _FUNCTIONS)]
    guards = [node for node in rest if _is_guard(node)]
    used = _reached(names, wanted | _names_in(
        node for node in rest if node not in guards))
    return _reached(names, _names_in(guards)) - used


def _is_guard(node: ast.stmt) -> bool:
    return isinstance(node, ast.If) and "__name__" in _names_in([node.test])


def _names_in(nodes: Iterable[ast.AST]) -> set[str]:
    return {each.id for node in nodes for each in ast.walk(node)
            if isinstance(each, ast.Name)}


def _reached(names: dict[str, set[str]], start: set[str]) -> set[str]:
    """Return the functions of these names, and those that they name."""
    found: set[str] = set()
    left = start & names.keys()
    while left:
        found |= left
        left = {each for name in left for each in names[name]
                if each in names} - found
    return found
