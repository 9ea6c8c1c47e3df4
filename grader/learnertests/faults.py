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
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from grader.errors import GraderError

MUTANTS = "mutants"
_FIX = "see the docstring of grader/learnertests/faults.py"

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

    def files(self, given: Texts) -> list[str]:
        """Return the names of the given files that this fault changes."""
        return [file for file, text in given.items()
                if not _places(text).isdisjoint(self.bodies)]

    def apply(self, given: Texts, is_on: bool, random: Random) -> Texts:
        """Return the given files with both bodies in them, right and wrong.

        Only `is_on` decides which of the two is run, so that the names and
        constants of the code say nothing about it.
        """
        files = self.files(given)
        left = self.bodies.keys() - {
            place for file in files for place in _places(given[file])}
        if left:
            raise GraderError(f"{self.name}: the given code has no "
                              f"{', '.join(sorted(left))}", _FIX)
        return {**given, **{
            file: self._apply(Path(file).stem, given[file], is_on, random)
            for file in files}}

    def _apply(self, module: str, text: str, is_on: bool,
               random: Random) -> str:
        tree = ast.parse(text)
        for place, node in functions(tree):
            if place in self.bodies:
                head = _docstring(node)
                node.body = [*head, _choice(
                    module, node.body[len(head):], self.bodies[place],
                    is_on, random)]
        return ast.unparse(ast.fix_missing_locations(tree))


def _choice(module: str, right: list[ast.stmt], wrong: list[ast.stmt],
            is_on: bool, random: Random) -> ast.stmt:
    """Return an if whose outcome follows from the name of the module."""
    factor, modulus = random.randrange(2, 99), random.randrange(101, 999)
    border = random.randrange(modulus)
    holds = len(module) * factor % modulus < border
    test = f"len(__name__) * {factor} % {modulus} < {border}"
    bodies = [wrong, right] if holds == is_on else [right, wrong]
    return ast.If(ast.parse(test, mode="eval").body, *bodies)


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
