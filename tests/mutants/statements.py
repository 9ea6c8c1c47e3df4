"""What becomes of a statement, a definition or a loop."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutants.change import Change, change, drop
from tests.mutants.parts import without

_NONE = ast.Constant(None)
_NOTHING = ast.Tuple([], ast.Load())


def changes(node: ast.AST) -> Iterator[Change]:
    """Yield the changes of a node, if it is one of these."""
    yield from _statements(node)
    yield from _definitions(node)
    yield from _loops(node)
    yield from _errors(node)


def _statements(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Return(value=ast.expr()):
            yield change(node, value=_NONE)
        case ast.Yield(value=ast.expr()):
            yield change(node, value=_NONE)
        case ast.Raise() | ast.Assert() | ast.AugAssign():
            yield drop(node)
        case (ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef()
              | ast.If(test=ast.Compare(left=ast.Name(id="__name__")))):
            yield drop(node, is_whole=True)
        case ast.Expr(value=value) if not isinstance(value, ast.Yield):
            yield drop(node)
        case ast.Assign() | ast.AnnAssign(value=ast.expr()):
            yield change(node, value=_NONE)
        case ast.Await():
            yield Change(node.value)
    if isinstance(node, ast.AugAssign):
        yield Change(ast.Assign([node.target], node.value))


def _definitions(node: ast.AST) -> Iterator[Change]:
    """Yield changes of decorators, defaults and the kind of function."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            for each, left in without(node.decorator_list):
                yield change(node, f"drop @{ast.unparse(each)}",
                             decorator_list=left)
        case ast.arguments(defaults=[_, *left]):
            yield change(node, defaults=left)
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        yield as_the_other_kind(node)


def as_the_other_kind(
        node: ast.FunctionDef | ast.AsyncFunctionDef) -> Change:
    """Return a function made a coroutine, or the other way round."""
    fields = dict(ast.iter_fields(node))
    if isinstance(node, ast.FunctionDef):
        return Change(ast.AsyncFunctionDef(**fields), "make it async def")
    return Change(ast.FunctionDef(**fields), "make it def")


def _loops(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.If() | ast.While() | ast.IfExp():
            yield change(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.For() | ast.comprehension(is_async=0):
            yield change(node, iter=_NOTHING)
            rest = ast.Slice(ast.Constant(1))
            items = ast.Call(ast.Name("list"), [node.iter], [])
            yield change(node, iter=ast.Subscript(items, rest))
        case ast.Break():
            yield Change(ast.Continue())
            yield Change(ast.Return())
        case ast.Continue():
            yield Change(ast.Break())
    if isinstance(node, ast.comprehension):
        for _, left in without(node.ifs):
            yield change(node, ifs=left)


def _errors(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.ExceptHandler(type=ast.expr()):
            for name in "ZeroDivisionError", "BaseException":
                yield change(node, type=ast.Name(name))
        case ast.Raise(exc=ast.expr()):
            yield Change(ast.Raise(ast.Name("ZeroDivisionError")))
        case ast.Try():
            yield change(node, handlers=[], finalbody=[ast.Pass()])
        case ast.With() | ast.AsyncWith() if not any(
                item.optional_vars for item in node.items):
            yield Change(ast.If(ast.Constant(True), node.body, []))
