"""What becomes of a prototype: its parameters, its kind, its annotations."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.mutants.change import Change, change
from tests.mutants.parts import lacking, swapped, switching, without
from tests.mutants.statements import as_the_other_kind

_ANY = ast.Attribute(ast.Name("typing"), "Any")
_OTHER = {"int": "float", "float": "int", "str": "bytes", "bool": "int"}


def of_a_definition(node: ast.AST) -> Iterator[Change]:
    """Yield the changes of a function, a parameter or a variable."""
    match node:
        case ast.AnnAssign(value=ast.expr() as value):
            yield Change(ast.Assign([node.target], value), is_whole=True)
            yield change(node, annotation=_ANY)
        case ast.arg(annotation=ast.expr() as annotation):
            yield change(node, annotation=None)
            if ast.unparse(annotation) != "Any":
                yield change(node, annotation=_ANY)
            yield change(node, arg=f"{node.arg}_")
        case ast.arguments():
            for first, second, args in swapped(node.args):
                yield change(node, f"{second.arg} before {first.arg}",
                             args=args)
            yield change(node, defaults=node.defaults[1:])
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield _bare(node)
            yield change(node, returns=None)
            yield change(node, returns=_ANY)
            yield as_the_other_kind(node)


def _bare(node: ast.FunctionDef | ast.AsyncFunctionDef) -> Change:
    """Return a function without any annotation."""
    bare = [change(each, annotation=None).node for each in node.args.args]
    args = change(node.args, args=bare).node
    return Change(change(node, args=args, returns=None).node, is_whole=True)


def of_an_annotation(node: ast.AST) -> Iterator[Change]:
    """Yield the changes of a type or of a part of one."""
    match node:
        case ast.Name(id=name):
            yield change(node, id=_OTHER.get(name, "bytes"))
        case ast.Subscript(value=whole, slice=part):
            yield Change(whole)
            yield Change(part)
        case ast.BinOp(left=one, right=other):
            yield Change(one)
            yield Change(other)
        case ast.Tuple(elts=several) | ast.List(elts=several):
            text = ast.unparse(node)
            for before, after, some in swapped(several):
                yield change(node, f"{text} {switching(before, after)}",
                             elts=some)
            for each, some in without(several):
                yield change(node, f"{text} {lacking(each)}", elts=some)
