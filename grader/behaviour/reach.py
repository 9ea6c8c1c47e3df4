"""Which statements of a check every honest answer reaches; pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

Function = ast.FunctionDef | ast.AsyncFunctionDef


def reached(block: Sequence[ast.stmt]
            ) -> Iterator[tuple[Sequence[ast.stmt], ast.stmt]]:
    """Yield what is sure to be run, each statement with its block."""
    for statement in block:
        yield block, statement
        if isinstance(statement, ast.With | ast.AsyncWith | ast.Try) or (
                isinstance(statement, ast.For)
                and _is_known(statement.iter)):
            yield from reached(statement.body)
        if isinstance(statement, ast.Try):
            yield from reached(statement.finalbody)
        if may_return(statement):
            return


def may_return(node: ast.AST) -> bool:
    """Tell whether a function may end in this statement of it."""
    if isinstance(node, Function | ast.ClassDef | ast.Lambda):
        return False
    return isinstance(node, ast.Return) or any(
        map(may_return, ast.iter_child_nodes(node)))


def _is_known(iterated: ast.expr) -> bool:
    """Tell whether a loop over this is run whatever a submission does."""
    if isinstance(iterated, ast.Name):
        return iterated.id.isupper()
    if isinstance(iterated, ast.Call):
        return ast.unparse(iterated.func) in (
            "range", "self.random.sample")
    return (isinstance(iterated, ast.Tuple | ast.List)
            and bool(iterated.elts))


def own(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the expressions of a statement, not of those within it."""
    if isinstance(statement, Function | ast.ClassDef):
        return
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr | ast.withitem):
            yield from ast.walk(child)


def leaves(block: Sequence[ast.stmt]) -> bool:
    """Tell whether a block ends in a failure."""
    last = block[-1] if block else None
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return getattr(last.value.func, "attr", "") == "fail"
    return isinstance(last, ast.Raise)
