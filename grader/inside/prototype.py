"""Reads a syntax tree: what a file defines, with which parameters.

Used for the types and for the style of a file; nothing is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = Function | ast.ClassDef | ast.AnnAssign | ast.Assign


class Parameter(NamedTuple):
    """One parameter; `annotation` is its source text, None without one."""

    name: str
    annotation: str | None
    has_default: bool
    line: int


def definitions(tree: ast.Module) -> dict[str, Definition]:
    """Return what each top-level name is last bound to by a statement.

    An annotated assignment wins over a plain one, wherever it stands.
    """
    # A name may be declared in one place and get its value in another.
    found: dict[str, Definition] = {}
    for node in statements(tree.body):
        for name in _names(node):
            if not (isinstance(node, ast.Assign)
                    and isinstance(found.get(name), ast.AnnAssign)):
                assert isinstance(node, Definition)
                found[name] = node
    return found


def demanded(tree: ast.Module) -> list[str]:
    """Return the public functions, classes and annotated variables."""
    return [name for name, node in definitions(tree).items()
            if not name.startswith("_")
            and not isinstance(node, ast.Assign)]


def parameters(node: Function) -> list[Parameter]:
    """Return the parameters in order; "*" and "/" are not among them."""
    spec = node.args
    positional = [*spec.posonlyargs, *spec.args]
    plain = len(positional) - len(spec.defaults)
    found = [_parameter(arg, arg.arg, index >= plain)
             for index, arg in enumerate(positional)]
    if spec.vararg:
        found.append(_parameter(spec.vararg, "*" + spec.vararg.arg, True))
    for arg, default in zip(spec.kwonlyargs, spec.kw_defaults):
        found.append(_parameter(arg, f"*, {arg.arg}", default is not None))
    if spec.kwarg:
        found.append(_parameter(spec.kwarg, "**" + spec.kwarg.arg, True))
    return found


def untyped(tree: ast.Module) -> Iterator[Function]:
    """Yield the functions, at any depth, that lack an annotation.

    A parameter self or cls needs none, and neither does what returns
    nothing.
    """
    methods = {id(each) for node in ast.walk(tree)
               if isinstance(node, ast.ClassDef) for each in node.body}
    for node in ast.walk(tree):
        if isinstance(node, Function):
            taken = parameters(node)[1 if id(node) in methods else 0:]
            if any(each.annotation is None for each in taken) \
                    or node.returns is None and _returns_value(node.body):
                yield node


def _returns_value(body: list[ast.stmt]) -> bool:
    """Return whether a function's body returns or yields a value."""
    left: list[ast.AST] = list(body)
    while left:
        node = left.pop()
        if isinstance(node, (ast.Return, ast.Yield)) and node.value \
                or isinstance(node, ast.YieldFrom):
            return True
        if not isinstance(node, (*Function.__args__, ast.ClassDef,
                                 ast.Lambda)):
            left += ast.iter_child_nodes(node)
    return False


def written(annotation: ast.expr | None) -> str | None:
    """Return the source of an annotation, without a string's quotes."""
    if annotation is None:
        return None
    if isinstance(annotation, ast.Constant) \
            and isinstance(annotation.value, str):
        return annotation.value
    return ast.unparse(annotation)


def header_lines(node: Definition) -> range:
    """Return the lines that an annotation of this definition may be on."""
    start, end = node.lineno, node.end_lineno or node.lineno
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        body = node.body[0].lineno
        start = min([start, *(d.lineno for d in node.decorator_list)])
        # A comment behind the closing colon belongs to the header, too.
        end = max(node.lineno, body - 1)
        end = max([end, *(a.end_lineno or 0 for a in ast.walk(node.args)
                          if isinstance(a, ast.arg))])
    return range(start, end + 1)


def decorators(node: Function) -> set[str]:
    """Return the last words of the decorators' names."""
    return {part.attr if isinstance(part, ast.Attribute) else part.id
            for decorator in node.decorator_list
            for part in [decorator.func if isinstance(decorator, ast.Call)
                         else decorator]
            if isinstance(part, (ast.Attribute, ast.Name))}


def _parameter(arg: ast.arg, name: str, has_default: bool) -> Parameter:
    return Parameter(name, written(arg.annotation), has_default, arg.lineno)


def statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements that bind names of the module itself."""
    for node in body:
        yield node
        if isinstance(node, (ast.If, ast.Try, ast.With, ast.For, ast.While)):
            for field in ("body", "handlers", "orelse", "finalbody"):
                for child in getattr(node, field, []):
                    yield from statements(
                        child.body if isinstance(child, ast.ExceptHandler)
                        else [child])


def _names(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Assign(targets=targets):
            for target in targets:
                for part in ast.walk(target):
                    # In `f.calls = 0` the name f is read, not bound.
                    if isinstance(part, ast.Name) \
                            and isinstance(part.ctx, ast.Store):
                        yield part.id
