"""Changes of one place of a program, each a fault that a suite may notice.

Left out is what no suite judges: annotations, docstrings, the texts of
messages, the names of type variables, and the demo: `main` and what
stands under `__main__`.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Change = ast.AST | None
Changes = Callable[[ast.AST], Iterator[ast.AST]]

_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add,
    ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.Mod: ast.Mult,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And,
}
_NO_CODE = {"annotation", "returns", "type_params"}
_TYPE_VARIABLES = {"TypeVar", "ParamSpec"}
_TELLING = {"print", "info", "warning", "getLogger"}
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_NO_WITH = "__import__('contextlib').nullcontext"
_WIDTH = 70


@dataclass(frozen=True)
class Mutation:
    """One change: the function or method it is in, what it does, the text
    of the program that results. `what` is unique within a program."""

    place: str
    what: str
    text: str


@dataclass(frozen=True)
class _Slot:
    """A place of a syntax tree, where another node can be put."""

    parent: ast.AST
    field: str
    index: int | None
    place: str

    @property
    def node(self) -> ast.AST:
        value = getattr(self.parent, self.field)
        found: ast.AST = value if self.index is None else value[self.index]
        return found

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutations(source: str) -> Iterator[Mutation]:
    """Yield every mutation of a program."""
    yield from _mutations(source, _of_a_program)


def weakenings(source: str) -> Iterator[Mutation]:
    """Yield every mutation of a file of tests that might weaken it."""
    yield from _mutations(source, _of_a_test)


def _mutations(source: str, changes: Changes) -> Iterator[Mutation]:
    tree = ast.parse(source)
    genuine = ast.unparse(tree)
    seen: Counter[str] = Counter()
    for slot in list(_slots(tree, "")):
        node = slot.node
        for changed in changes(node):
            slot.put(changed)
            text = ast.unparse(ast.fix_missing_locations(tree))
            slot.put(node)
            if text == genuine:
                continue
            what = _words(node, changed)
            seen[f"{slot.place}: {what}"] += 1
            number = seen[f"{slot.place}: {what}"]
            yield Mutation(slot.place or "module", what if number == 1
                           else f"{what} ({number})", text)


def _words(node: ast.AST, changed: ast.AST) -> str:
    if isinstance(changed, ast.Pass):
        return f"drop {_short(node)}"
    return f"{_short(node)} -> {_short(changed)}"


def _short(node: ast.AST) -> str:
    line = ast.unparse(node).strip().partition("\n")[0]
    return line if len(line) <= _WIDTH else line[:_WIDTH] + "..."


def _slots(parent: ast.AST, place: str) -> Iterator[_Slot]:
    for field, value in ast.iter_fields(parent):
        if field in _NO_CODE:
            continue
        listed = isinstance(value, list)
        for index, child in enumerate(value if listed else [value]):
            if not isinstance(child, ast.AST) or _is_free(parent, child):
                continue
            inner = place
            if isinstance(child, _NAMED):
                inner = f"{place}.{child.name}".lstrip(".")
            yield _Slot(parent, field, index if listed else None, inner)
            if not isinstance(child, ast.Raise):
                yield from _slots(child, inner)


def _is_free(parent: ast.AST, child: ast.AST) -> bool:
    """Tell whether a node is something that no suite looks at."""
    match child:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return True
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.FunctionDef(name="main"):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _TYPE_VARIABLES
        case ast.Constant(value=str()):
            return isinstance(parent, ast.Call) and _called(parent) in _TELLING
    return False


def _called(call: ast.Call) -> str:
    """Return the last word of what is called."""
    func: Any = call.func
    return str(getattr(func, "attr", getattr(func, "id", "")))


# What becomes of a node

def _of_a_program(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.If() | ast.While() | ast.IfExp():
            yield _with(node, test=ast.UnaryOp(ast.Not(), node.test))
        case ast.Return(value=ast.expr()):
            yield ast.Return(ast.Constant(None))
        case ast.Yield(value=ast.expr()):
            yield ast.Yield(ast.Constant(None))
        case ast.Raise() | ast.AugAssign() | ast.Assert():
            yield ast.Pass()
        case ast.Expr(value=value) if not isinstance(value, ast.Yield):
            yield ast.Pass()
        case ast.Await():
            yield node.value
        case ast.ExceptHandler(type=ast.expr()):
            yield _with(node, type=ast.Name("ZeroDivisionError"))
        case ast.Call(func=ast.Name(id="closing")):
            yield _with(node, func=ast.Name(_NO_WITH))
    yield from _operators(node)
    yield from _constants(node)


def _of_a_test(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.Call(func=ast.Attribute(attr="assertEqual" | "assertIs")):
            yield _weaker(node, "assertIsNotNone", node.args[:1])
        case ast.Call(func=ast.Attribute(attr="assert_called_once_with")):
            yield _weaker(node, "assert_called_with", node.args)
            yield _weaker(node, "assert_called_once", [])
    yield from _constants(node)


def _weaker(call: ast.Call, name: str, args: list[ast.expr]) -> ast.AST:
    assert isinstance(call.func, ast.Attribute)
    return ast.Call(_with(call.func, attr=name), args, [])


def _operators(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=[op]) if type(op) in _SWAPS:
            yield _with(node, ops=[_SWAPS[type(op)]()])
        case ast.BinOp() | ast.BoolOp() if type(node.op) in _SWAPS:
            yield _with(node, op=_SWAPS[type(node.op)]())


def _constants(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.Constant):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant("x" + value)


def _with(node: ast.AST, **fields: Any) -> Any:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed
