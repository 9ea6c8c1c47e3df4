"""Finds functions, variables and their types in mypy's trees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mypy.nodes import (
    AssignmentStmt, Block, CallExpr, ClassDef, Decorator, Expression,
    FuncDef, MypyFile, OverloadedFuncDef, RefExpr, Statement, Var,
)
from mypy.types import CallableType, Instance, Type, get_proper_type


def variable(tree: MypyFile, name: str) -> Type | None:
    """Return the type of a module's variable, None if there is none."""
    symbol = tree.names.get(name)
    node = symbol.node if symbol else None
    return node.type if isinstance(node, Var) else None


def argument(node: FuncDef, index: int) -> Type | None:
    """Return the type of a parameter, None in an unannotated function."""
    if not isinstance(node.type, CallableType):
        return None
    return node.type.arg_types[index]


def returned(node: FuncDef) -> Type | None:
    """Return the return type as it is annotated, None without any.

    mypy's own type of an async def is that of its call: a coroutine.
    """
    if not isinstance(node.type, CallableType):
        return None
    result = node.type.ret_type
    # An async generator is annotated with the type of its call already.
    if node.is_coroutine and not node.is_async_generator:
        return _unwrapped(result)
    return result


def written(statements: Iterable[Statement]
            ) -> Iterator[tuple[int, str, Type]]:
    """Yield line, kind and type of all annotations, also in functions.

    The kind is "a variable" or "a function".
    """
    for node in statements:
        if isinstance(node, AssignmentStmt) and node.type is not None:
            yield node.line, "a variable", node.type
        elif isinstance(node, FuncDef):
            types = [argument(node, index)
                     for index in range(len(node.arguments))]
            yield from ((node.line, "a function", typ)
                        for typ in [*types, returned(node)] if typ)
        yield from written(_parts(node))


def function(statements: Iterable[Statement], name: str,
             line: int | None) -> FuncDef | None:
    """Return the function of a name, at a line if one is given, or None."""
    functions = map(_undecorated, _functions(statements))
    return next((node for node in functions
                 if node.name == name and line in (None, node.line)), None)


def decorators(statements: Iterable[Statement], node: FuncDef) -> list[str]:
    """Return the full names of a function's decorators.

    Such as "functools.cache"; "" for one that mypy cannot name.
    """
    return [_full_name(each) for found in _functions(statements)
            if isinstance(found, Decorator) and found.func is node
            for each in found.original_decorators]


def _full_name(node: Expression) -> str:
    if isinstance(node, CallExpr):
        node = node.callee
    return node.fullname if isinstance(node, RefExpr) else ""


def _undecorated(node: FuncDef | Decorator) -> FuncDef:
    return node.func if isinstance(node, Decorator) else node


def _functions(statements: Iterable[Statement]
               ) -> Iterator[FuncDef | Decorator]:
    """Yield the functions of a module, also under if, try and with."""
    for node in statements:
        if isinstance(node, (FuncDef, Decorator)):
            yield node
        elif isinstance(node, OverloadedFuncDef):
            yield from _functions(
                [*node.items, *([node.impl] if node.impl else [])])
        elif not isinstance(node, ClassDef):
            yield from _functions(_parts(node))


def _parts(node: Statement) -> Iterator[Statement]:
    """Yield the statements in a statement, but no unreachable ones.

    mypy has no types of what it cannot reach, as after `if False`.
    """
    if isinstance(node, Block) and node.is_unreachable:
        return
    for field in ("func", "items", "impl", "defs", "body", "bodies",
                  "handlers", "else_body", "finally_body"):
        child = getattr(node, field, None) or []
        yield from child if isinstance(child, list) else [child]


def _unwrapped(typ: Type) -> Type:
    """Return what a coroutine function is annotated to return."""
    proper = get_proper_type(typ)
    # Coroutine[yield type, send type, return type]
    return proper.args[2] if isinstance(proper, Instance) else typ
