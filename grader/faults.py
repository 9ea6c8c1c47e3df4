"""Faults: given code made wrong in one way, which a good test notices.

A fault is one file of checks/mutants/, named taskN_WHAT.py. Its docstring
says in plain words what is wrong, the functions in it (or methods, in a
class) are those whose bodies change, and CAUGHT_BY, where it is there,
names the one method of several that has to notice.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from grader.errors import GraderError

MUTANTS = "mutants"
_FIX = "see the docstring of grader/faults.py"

Texts = Mapping[str, str]
Function = ast.FunctionDef


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault; `name` is its file's, `bodies` go by "f" or "Class.f"."""

    name: str
    task: int
    description: str
    caught_by: str | None
    bodies: Mapping[str, list[ast.stmt]]
    _made: dict[str, str] = field(default_factory=dict, repr=False)

    def files(self, given: Texts) -> list[str]:
        """Return the names of the given files that this fault changes."""
        return [file for file, text in given.items()
                if not _places(text).isdisjoint(self.bodies)]

    def apply(self, given: Texts) -> dict[str, str]:
        """Return the given files with this fault in them."""
        files = self.files(given)
        left = self.bodies.keys() - {
            place for file in files for place in _places(given[file])}
        if left:
            raise GraderError(f"{self.name}: the given code has no "
                              f"{', '.join(sorted(left))}", _FIX)
        return {**given, **{file: self._replace(given[file])
                            for file in files}}

    def _replace(self, text: str) -> str:
        if text not in self._made:
            tree = ast.parse(text)
            for place, node in functions(tree):
                if place in self.bodies:
                    node.body = [*_docstring(node), *self.bodies[place]]
            self._made[text] = ast.unparse(tree)
        return self._made[text]


@cache
def _places(text: str) -> frozenset[str]:
    return frozenset(place for place, _ in functions(ast.parse(text)))


@cache
def read_faults(folder: Path) -> tuple[Fault, ...]:
    """Read every fault of a folder of mutants, in order of their names."""
    return tuple(_read(path) for path in sorted(folder.glob("*.py")))


def _read(path: Path) -> Fault:
    number = re.match(r"task(\d+)_", path.name)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    description = ast.get_docstring(tree)
    if number is None or not description:
        raise GraderError(f"{path.name}: no task or no docstring", _FIX)
    return Fault(name=path.stem, task=int(number[1]),
                 description=description, caught_by=_caught_by(tree),
                 bodies={place: node.body for place, node in functions(tree)})


def _caught_by(tree: ast.Module) -> str | None:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            return str(ast.literal_eval(node.value))
    return None


def functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Return each function as "f" and each method as "Class.f"."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, Function):
                    yield f"{node.name}.{item.name}", item


def _docstring(node: Function) -> list[ast.stmt]:
    return node.body[:1] if ast.get_docstring(node) else []
