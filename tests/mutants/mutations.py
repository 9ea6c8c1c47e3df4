"""One change of one place of a program, for every place and change.

Left out are docstrings, the texts of messages and the names of type
variables.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tests.mutants import operators, prototypes
from tests.mutants.change import Change, brief, cut

Changes = Callable[[ast.AST], Iterator[Change]]

_TYPES = {"annotation", "returns"}
_TYPE_VARIABLES = {"TypeVar", "ParamSpec"}
_TELLING = {"print", "exit", "info", "warning", "getLogger", "basicConfig"}
_NAMED = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Mutation:
    """One change: the function or method it is in, what it does, the text
    of the program that results. `what` is unique within a place.

    `is_whole` tells that all of the place is gone, or all that is asked
    of it: where nobody minds that, nobody minds what is in it.
    """

    place: str
    what: str
    text: str
    is_whole: bool = False


@dataclass(frozen=True)
class Slot:
    """A place of a syntax tree, where another node can be put.

    `is_type` tells whether it is within an annotation.
    """

    parent: ast.AST
    field: str
    index: int | None
    place: str
    is_type: bool

    @property
    def node(self) -> ast.AST:
        """Return what is there."""
        value = getattr(self.parent, self.field)
        found: ast.AST = value if self.index is None else value[self.index]
        return found

    def put(self, node: ast.AST) -> None:
        """Put another node there."""
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def unchanged(source: str) -> str:
    """Return a program as mutations have it, with nothing changed."""
    return ast.unparse(ast.parse(source))


def mutations(source: str) -> Iterator[Mutation]:
    """Yield every mutation of a program but for its annotations."""
    return _mutate(source, operators.of_a_program)


def weakenings(source: str) -> Iterator[Mutation]:
    """Yield every mutation of a file of tests that might weaken it."""
    return _mutate(source, operators.of_a_test)


def misannotations(source: str) -> Iterator[Mutation]:
    """Yield every mutation of a program's prototypes, to be read only."""
    for each in _mutate(source, prototypes.of_a_definition,
                        prototypes.of_an_annotation):
        yield replace(each, text=f"import typing\n{each.text}\n")


def _nothing(node: ast.AST) -> Iterator[Change]:
    yield from ()


def _mutate(source: str, changes: Changes,
            of_types: Changes = _nothing) -> Iterator[Mutation]:
    """Yield a mutation for each change of each place."""
    tree = ast.parse(source)
    seen = {ast.unparse(tree)}
    names: Counter[tuple[str, str]] = Counter()
    for slot in list(_slots(tree, "module", False)):
        node = slot.node
        for change in (of_types if slot.is_type else changes)(node):
            slot.put(change.node)
            text = ast.unparse(ast.fix_missing_locations(tree))
            slot.put(node)
            if text in seen or not _is_valid(text):
                continue
            seen.add(text)
            what = cut(change.what) or brief(node, change.node)
            names[slot.place, what] += 1
            yield Mutation(slot.place, _numbered(
                what, names[slot.place, what]), text, change.is_whole)


def _numbered(what: str, number: int) -> str:
    return what if number == 1 else f"{what} ({number})"


def _is_valid(text: str) -> bool:
    try:
        compile(text, "mutant", "exec")
    except SyntaxError:
        return False
    return True


def _slots(parent: ast.AST, place: str, is_type: bool) -> Iterator[Slot]:
    for field, value in ast.iter_fields(parent):
        listed = isinstance(value, list)
        for index, child in enumerate(value if listed else [value]):
            if not isinstance(child, ast.AST) or _is_free(parent, child):
                continue
            slot = Slot(parent, field, index if listed else None,
                        _place(place, child), is_type or field in _TYPES)
            yield slot
            if not isinstance(child, ast.Raise):
                yield from _slots(child, slot.place, slot.is_type)


def _place(place: str, child: ast.AST) -> str:
    """Return the dotted name of what a node is in."""
    if isinstance(child, _NAMED):
        return f"{place}.{child.name}".removeprefix("module.")
    match child:
        case ast.If(test=ast.Compare(left=ast.Name(id="__name__"))):
            return "__main__"
        case ast.AnnAssign(target=ast.Name(id=name)):
            return f"{place}.{name}".removeprefix("module.")
    return place


def _is_free(parent: ast.AST, child: ast.AST) -> bool:
    """Return whether a node is something that no suite looks at."""
    match child:
        case ast.Expr(value=ast.Constant()):
            return True
        case ast.Assign(value=ast.Call(func=ast.Name(id=name))):
            return name in _TYPE_VARIABLES
        case ast.Constant(value=str()) | ast.JoinedStr():
            return isinstance(parent, ast.Call) and _called(parent) in _TELLING
    return False


def _called(call: ast.Call) -> str:
    """Return the last word of what is called."""
    return str(getattr(call.func, "attr", getattr(call.func, "id", "")))
