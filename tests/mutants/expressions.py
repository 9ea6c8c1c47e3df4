"""What becomes of an expression: a call, an operation, a constant."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from tests.mutants.change import Change, change
from tests.mutants.parts import (
    cut_out, lacking, swapped, switching, without)

_NONE = ast.Constant(None)
_NO_WITH = "__import__('contextlib').nullcontext"
_SWAPS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Add: (ast.Sub, ast.Mult), ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div, ast.Pow), ast.Pow: (ast.Mult,),
    ast.Div: (ast.Mult, ast.FloorDiv), ast.FloorDiv: (ast.Div,),
    ast.Mod: (ast.Div,), ast.And: (ast.Or,), ast.Or: (ast.And,),
    ast.Lt: (ast.LtE, ast.NotEq), ast.LtE: (ast.Lt, ast.Eq),
    ast.Gt: (ast.GtE, ast.NotEq), ast.GtE: (ast.Gt, ast.Eq),
    ast.Eq: (ast.NotEq, ast.LtE, ast.GtE), ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}
_OTHER_METHODS = {
    name: other for pair in (
        ("lower", "upper"), ("lstrip", "rstrip"), ("find", "rfind"),
        ("partition", "rpartition"), ("split", "rsplit"),
        ("removeprefix", "removesuffix"), ("fetchall", "fetchone"),
        ("commit", "rollback"), ("start", "stop"))
    for name, other in (pair, pair[::-1])}


def changes(node: ast.AST) -> Iterator[Change]:
    """Yield the changes of a node, if it is one of these."""
    yield from _calls(node)
    yield from _elements(node)
    yield from _operators(node)
    yield from _constants(node)


def _calls(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Call):
        return
    match node:
        case ast.Call(func=ast.Name(id="closing")):
            yield change(node, f"{ast.unparse(node)} left open",
                         func=ast.Name(_NO_WITH))
        case ast.Call(args=[ast.expr() as only], keywords=[]):
            yield Change(only)
        case ast.Call(func=ast.Attribute(value=owner), args=[]):
            yield Change(owner)
    yield from _arguments(node)
    yield from _other_method(node)


def _arguments(node: ast.Call) -> Iterator[Change]:
    """Leave each argument out, put None in its place, swap neighbours."""
    name = f"{ast.unparse(node.func)}()"
    for each, args in without(node.args):
        yield change(node, f"{name} {lacking(each)}", args=args)
    for keyword, keywords in without(node.keywords):
        yield change(node, f"{name} {lacking(keyword)}", keywords=keywords)
    for one, other, args in swapped(node.args):
        yield change(node, f"{name} {switching(one, other)}", args=args)
    for place, each in enumerate(node.args):
        if not isinstance(each, ast.Starred):
            yield change(node, f"{name} with None for {ast.unparse(each)}",
                         args=_with_none(node.args, place))
    for place, keyword in enumerate(node.keywords):
        if keyword.arg:
            none = change(keyword, value=_NONE).node
            yield change(node, f"{name} with {keyword.arg}=None",
                         keywords=[*node.keywords[:place], none,
                                   *node.keywords[place + 1:]])


def _with_none(args: Sequence[ast.expr], place: int) -> list[ast.expr]:
    return [*args[:place], _NONE, *args[place + 1:]]


def _other_method(node: ast.Call) -> Iterator[Change]:
    match node.func:
        case ast.Attribute(attr=name) if name in _OTHER_METHODS:
            other = change(node.func, attr=_OTHER_METHODS[name]).node
            yield change(node, func=other)


def _elements(node: ast.AST) -> Iterator[Change]:
    """Yield changes of tuples, lists, dicts and slices."""
    match node:
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()):
            for each, left in without(node.elts):
                yield change(node, f"elements {lacking(each)}", elts=left)
            for one, other, left in swapped(node.elts):
                yield change(node, f"elements {switching(one, other)}",
                             elts=left)
        case ast.Dict():
            for place, key in enumerate(node.keys):
                yield change(node, f"items {lacking(key or node)}",
                             keys=cut_out(node.keys, place),
                             values=cut_out(node.values, place))
        case ast.Slice():
            yield change(node, lower=None)
            yield change(node, upper=None)


def _operators(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=[op]):
            for other in _SWAPS.get(type(op), ()):
                yield change(node, ops=[other()])
        case ast.BinOp():
            for other in _SWAPS.get(type(node.op), ()):
                yield change(node, op=other())
            yield Change(node.left)
            yield Change(node.right)
        case ast.AugAssign():
            for other in _SWAPS.get(type(node.op), ()):
                yield change(node, op=other())
        case ast.BoolOp():
            yield change(node, op=_SWAPS[type(node.op)][0]())
            for _, left in without(node.values):
                yield change(node, values=left)
        case ast.UnaryOp():
            yield Change(node.operand)


def _constants(node: ast.AST) -> Iterator[Change]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield Change(ast.Constant(not value))
    elif isinstance(value, (int, float)):
        yield Change(ast.Constant(value + 1))
        yield Change(ast.Constant(value - 1))
    elif isinstance(value, str):
        yield Change(ast.Constant("x" + value))
        yield Change(ast.Constant(value + "x"))
        yield from _texts(value)


def _texts(value: str) -> Iterator[Change]:
    """Yield texts of several words with one word less."""
    words = list(re.finditer(r"\S+", value))
    for word in words if len(words) > 1 else ():
        rest = value[:word.start()] + value[word.end():]
        yield Change(ast.Constant(rest), f"{value.strip()[:20]!r}... "
                                         f"without {word[0]!r}")
