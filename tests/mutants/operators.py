"""What becomes of a node of a model, or of one that is a file of tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tests.mutants import expressions, statements
from tests.mutants.change import Change, change


def of_a_program(node: ast.AST) -> Iterator[Change]:
    """Yield the changes of a node of a model."""
    yield from statements.changes(node)
    yield from expressions.changes(node)


def of_a_test(node: ast.AST) -> Iterator[Change]:
    """Yield the changes of a node of a model that is a file of tests."""
    match node:
        case ast.Call(func=ast.Attribute(attr="assertEqual" | "assertIs")):
            yield _weaker(node, "assertIsNotNone", node.args[:1])
        case ast.Call(func=ast.Attribute(attr="assert_called_once_with")):
            yield _weaker(node, "assert_called_with", node.args)
            yield _weaker(node, "assert_called_once", [])
    for each in of_a_program(node):
        if not _is_the_same_test(node, each.node):
            yield each


def _is_the_same_test(node: ast.AST, changed: ast.AST) -> bool:
    """Return whether the two sides of a comparison have changed places."""
    match node, changed:
        case (ast.Call(func=ast.Attribute(attr="assertEqual" | "assertIs"),
                       args=[one, other]), ast.Call(args=[first, _])):
            return first is other
    return False


def _weaker(call: ast.Call, name: str, args: Sequence[ast.expr]) -> Change:
    func = change(call.func, attr=name).node
    return change(call, func=func, args=args, keywords=[])
