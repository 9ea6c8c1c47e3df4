"""Find what a module defines in the trees that mypy has made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mypy.nodes import (
    AssignmentStmt, Block, ClassDef, Decorator, FuncDef, MypyFile,
    OverloadedFuncDef, Statement, Var,
)
from mypy.types import CallableType, Instance, Type, get_proper_type


def variable(tree: MypyFile, name: str) -> Type | None:
    """Return the type of a module variable."""
    symbol = tree.names.get(name)
    node = symbol.node if symbol else None
    return node.type if isinstance(node, Var) else None


def argument(node: FuncDef, index: int) -> Type | None:
    """Return the type of a parameter, None in an unannotated function."""
    if not isinstance(node.type, CallableType):
        return None
    return node.type.arg_types[index]


def returned(node: FuncDef) -> Type | None:
    """Return the return type as annotated, not as a call gives it."""
    if not isinstance(node.type, CallableType):
        return None
    result = node.type.ret_type
    if node.is_coroutine and not node.is_async_generator:
        return _unwrapped(result)
    return result


def written(statements: Iterable[Statement]
            ) -> Iterator[tuple[int, Type]]:
    """Yield line and type of annotated variables, also within functions."""
    for node in statements:
        if isinstance(node, AssignmentStmt) and node.type is not None:
            yield node.line, node.type
        else:
            yield from written(_parts(node))


def function(statements: Iterable[Statement], name: str,
             line: int | None) -> FuncDef | None:
    """Return the function of this name (and line) that mypy has read."""
    return next((node for node in _functions(statements)
                 if node.name == name and line in (None, node.line)), None)


def _functions(statements: Iterable[Statement]) -> Iterator[FuncDef]:
    """Yield the functions of a module, also under if, try and with."""
    for node in statements:
        if isinstance(node, FuncDef):
            yield node
        elif isinstance(node, Decorator):
            yield node.func
        elif isinstance(node, OverloadedFuncDef):
            yield from _functions(
                [*node.items, *([node.impl] if node.impl else [])])
        elif not isinstance(node, ClassDef):
            yield from _functions(_parts(node))


def _parts(node: Statement) -> Iterator[Statement]:
    """Yield the statements in a statement that can be reached."""
    if isinstance(node, Block) and node.is_unreachable:
        return
    for field in ("func", "body", "handlers", "else_body", "finally_body"):
        child = getattr(node, field, None) or []
        yield from child if isinstance(child, list) else [child]


def _unwrapped(typ: Type) -> Type:
    """Return what a coroutine function is annotated to return."""
    proper = get_proper_type(typ)
    return proper.args[2] if isinstance(proper, Instance) else typ
