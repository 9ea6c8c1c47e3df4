"""Finds awaitables that a file creates and never awaits."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache


# Most checks of a suite ask for the same.
@lru_cache(maxsize=8)
def line_of_unawaited(function: str, source: str | bytes) -> int | None:
    """Return the line of a call whose result is dropped or never awaited.

    `function` is what is called, such as asyncio.sleep, or its last word,
    such as gather.
    """
    tree = ast.parse(source)
    awaited = {name.id for node in ast.walk(tree)
               if not isinstance(node, (ast.Assign, ast.Module))
               for name in ast.iter_child_nodes(node)
               if isinstance(name, ast.Name)
               and isinstance(name.ctx, ast.Load)}
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=call) if _calls(call, function):
                return call.lineno
            case ast.Assign(targets=[ast.Name(id=name)], value=call) if (
                    _calls(call, function) and name not in awaited):
                return call.lineno
    return None


def _calls(node: ast.AST, function: str) -> bool:
    return isinstance(node, ast.Call) and function in _names(node.func)


def _names(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
        yield ast.unparse(node)
