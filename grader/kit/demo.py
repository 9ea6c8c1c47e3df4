"""The calls that a file makes, to call its classes as it does."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# How many assignments are followed from a name to its value.
_DEEPEST = 4


@dataclass(frozen=True)
class Arguments:
    """The arguments of a call, by position and by keyword."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]


def calls_of(name: str, source: str,
             scope: Mapping[str, Any]) -> Iterator[Arguments]:
    """Yield the arguments of each call of `name` that a source shows.

    `scope` holds the values of the module's names. A call whose arguments
    depend on running the code around it is left out.
    """
    calls, assigned = _found(name, source)
    for call in calls:
        try:
            yield Arguments(
                tuple(_value(arg, scope, assigned, 0) for arg in call.args),
                {str(each.arg): _value(each.value, scope, assigned, 0)
                 for each in call.keywords})
        except (ValueError, LookupError):
            continue


# Every check of a suite asks for the same.
@lru_cache(maxsize=4)
def _found(name: str, source: str
           ) -> tuple[Sequence[ast.Call], Mapping[str, ast.expr]]:
    """Return the calls of `name`, and what is assigned to each name."""
    try:
        tree = ast.parse(source.removeprefix("\ufeff"))
    except SyntaxError:
        return (), {}
    nodes = list(ast.walk(tree))
    return [node for node in nodes if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name) and node.func.id == name], {
        target.id: node.value for node in nodes
        if isinstance(node, ast.Assign) for target in node.targets
        if isinstance(target, ast.Name)}


def _value(node: ast.expr, scope: Mapping[str, Any],
           assigned: Mapping[str, ast.expr], depth: int) -> Any:
    if isinstance(node, ast.Name):
        if node.id in scope:
            return scope[node.id]
        if depth == _DEEPEST:
            raise LookupError(node.id)
        return _value(assigned[node.id], scope, assigned, depth + 1)
    if isinstance(node, (ast.Tuple, ast.List)):
        values = [_value(each, scope, assigned, depth) for each in node.elts]
        return tuple(values) if isinstance(node, ast.Tuple) else values
    return ast.literal_eval(node)
