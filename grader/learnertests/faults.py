"""Reads the faults of a folder: ways in which its given code can be wrong.

A good test notices each of them. A fault is a file of checks/mutants/,
named taskN_WHAT.py. Its docstring says what is wrong, for the learner. Its
functions and methods replace the bodies of those with the same names.
CAUGHT_BY, if it is there, names the only test method that must notice.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grader.errors import GraderError
from grader.library.library import CHECKS, Folder, Task
from grader.parsing import parse

MUTANTS = "mutants"
_FIX = "see the docstring of grader/learnertests/faults.py"

Function = ast.FunctionDef


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One fault; `name` is that of its file, `task` the task's number.

    `bodies` maps "f" or "Class.f" to the source of its wrong body.
    """

    name: str
    task: int
    description: str
    caught_by: str | None
    bodies: Mapping[str, str]

    def touches(self, other: Fault) -> bool:
        """Return whether the two faults cannot be in one version together.

        They are of one task, or change the same function.
        """
        return (self.task == other.task
                or not self.bodies.keys().isdisjoint(other.bodies))


def parts(faults: Sequence[Fault]) -> list[list[Fault]]:
    """Group faults so that two of different groups never touch."""
    found: list[list[Fault]] = []
    for fault in faults:
        near = [part for part in found if any(map(fault.touches, part))]
        found = [part for part in found if part not in near]
        found.append([*(each for part in near for each in part), fault])
    return found


def faults_of(folder: Folder, task: Task) -> tuple[Fault, ...]:
    """Return the faults that a task's tests must catch."""
    return tuple(fault for fault in read_faults(folder.path, folder.given)
                 if fault.task == task.number)


@cache
def read_faults(path: Path, given: tuple[str, ...]) -> tuple[Fault, ...]:
    """Read every fault of a folder's given files, in order of their names.

    Raises GraderError for one that says nothing or changes nothing.
    """
    faults = tuple(_read(each) for each in sorted(
        (path / CHECKS / MUTANTS).glob("*.py")))
    places = {place for name in given for place, _ in functions(
        parse((path / name).read_text(encoding="utf-8")))}
    for fault in faults:
        if left := fault.bodies.keys() - places:
            raise GraderError(f"{fault.name}: the given code has no "
                              f"{', '.join(sorted(left))}", _FIX)
    return faults


def _read(path: Path) -> Fault:
    number = re.match(r"task(\d+)_", path.name)
    tree = parse(path.read_text(encoding="utf-8"))
    description = ast.get_docstring(tree)
    if number is None or not description:
        raise GraderError(f"{path.name}: no task or no docstring", _FIX)
    return Fault(name=path.stem, task=int(number[1]),
                 description=description, caught_by=_caught_by(tree),
                 bodies={place: "\n".join(map(ast.unparse, node.body))
                         for place, node in functions(tree)})


def _caught_by(tree: ast.Module) -> str | None:
    for node in tree.body:
        if isinstance(node, ast.Assign):
            return str(ast.literal_eval(node.value))
    return None


def functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """Yield each function with its place "f", each method with "Class.f"."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for item in node.body:
                if isinstance(item, Function):
                    yield f"{node.name}.{item.name}", item
