"""The suite of a task, as the grader itself knows it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from grader.behaviour.checks import Check, untrusted
from grader.library import CHECKS, Folder, Task


@dataclass(frozen=True, kw_only=True)
class Suite:
    """A suite's source and its checks ("Class.method") in file order.

    A check in `ends` fails on that line once it has got to its end: it
    passes by no other failure, and not without one.
    """

    name: str
    source: str
    checks: tuple[str, ...]
    ends: Mapping[str, int] = field(default_factory=dict)

    @property
    def observes(self) -> bool:
        """Tell whether a check holds results against the model's."""
        return ".observe(" in self.source


@cache
def read_suite(path: Path) -> Suite:
    """Read a suite; the grader itself knows which checks it holds."""
    source = path.read_text(encoding="utf-8")
    return Suite(name=path.stem, source=source,
                 checks=tuple(manifest(source)))


def manifest(source: str) -> list[str]:
    """Return "Class.method" for every check in a suite's source."""
    return [f"{node.name}.{item.name}"
            for node in ast.parse(source).body
            if isinstance(node, ast.ClassDef)
            for item in node.body
            if isinstance(item, ast.FunctionDef)
            and item.name.startswith("test_")]


def suite_of(folder: Folder, task: Task) -> Suite:
    """Return the suite of a task."""
    return read_suite(folder.path / CHECKS / task.suite)


def model_files(folder: Folder) -> dict[str, bytes]:
    """Return the library's own files of a folder, models included."""
    return {path.name: path.read_bytes() for path in folder.path.iterdir()
            if path.is_file() and path.suffix in (".py", ".csv")}


def at_end(suite: Suite, checks: Mapping[str, Check]) -> dict[str, Check]:
    """Return the checks with those passed that fail at their end."""
    return {test: _at_end(suite, test, check)
            if test in suite.ends else check
            for test, check in checks.items()}


def _at_end(suite: Suite, test: str, check: Check) -> Check:
    if check.finding is None:
        return replace(check, finding=untrusted(test))
    if check.at == (f"{suite.name}.py", suite.ends[test]):
        return replace(check, finding=None, at=None)
    return check
