"""Rules about the files of a task folder: all are there, and no others."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from grader.library.library import (
    ANSWERS, CHECKS, MANIFEST, STATEMENTS, Folder, Task)
from grader.suites.suite import BadSuite, suite_of

# What mains leave in their folder.
_LEFT = {".db", ".log"}
_IGNORED = {CHECKS, "__pycache__", ".mypy_cache", ".pytest_cache"}


def every_file_is_there(folder: Folder) -> Iterator[str]:
    """A task has its model, main and suite."""
    for task in folder.tasks:
        wanted = [task.file, task.main]
        if folder.judge == "suite":
            wanted.append(f"{CHECKS}/{task.suite}")
        for name in wanted:
            if not (folder.path / name).is_file():
                yield f"task {task.number} has no {name}"
    if not (folder.path / STATEMENTS).is_file():
        yield f"there is no {STATEMENTS}, which has the statements"


def is_whole(folder: Folder, task: Task) -> bool:
    """Return whether a task has a model and a suite that can be read."""
    try:
        return (folder.path / task.file).is_file() and bool(
            folder.judge != "suite" or suite_of(folder, task).checks)
    except (OSError, BadSuite):
        return False


def no_file_is_undeclared(folder: Folder) -> Iterator[str]:
    """Nothing lies in a folder that the manifest does not explain."""
    declared = {STATEMENTS, ANSWERS, MANIFEST, *folder.given,
                *folder.props}
    for task in folder.tasks:
        declared |= {task.file, task.main}
    for path in _files(folder.path):
        name = path.relative_to(folder.path).as_posix()
        if name not in declared and path.suffix not in _LEFT:
            yield f"{name} is not declared in {MANIFEST}"
    known = {task.suite for task in folder.tasks}
    for path in (folder.path / CHECKS).glob("*.py"):
        if path.name not in known:
            yield f"{CHECKS}/{path.name} belongs to no task"


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of a folder and of the packages in it."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path
        elif path.name not in _IGNORED:
            yield from _files(path)


def every_hint_says_something(folder: Folder) -> Iterator[str]:
    """A task has two hints at least, a question and a pointer."""
    for task in folder.tasks:
        if len(task.hints) < 2 or not all(map(str.strip, task.hints)):
            yield f"task {task.number} needs two hints that are not empty"


def suites_hold_checks(folder: Folder) -> Iterator[str]:
    """A suite can be read and has at least one check."""
    for task in folder.tasks:
        suite = f"{CHECKS}/{task.suite}"
        if (folder.path / suite).is_file():
            try:
                if not suite_of(folder, task).checks:
                    yield f"{suite} holds no check"
            except BadSuite as error:
                yield str(error)


def scripts_are_executable(folder: Folder) -> Iterator[str]:
    """Models and mains can be run with ./ on systems with such a bit.

    One in a package is only imported.
    """
    if os.name == "nt":
        return
    for name in sorted({name for task in folder.tasks
                        for name in (task.file, task.main)}):
        path = folder.path / name
        if "/" not in name and path.is_file() and not os.access(
                path, os.X_OK):
            yield f"{name} is not executable"


def tasks_together_share_a_file(folder: Folder) -> Iterator[str]:
    """Tasks that are judged in the same runs are of one file."""
    files: dict[str, str] = {}
    for task in folder.tasks:
        if task.together and files.setdefault(
                task.together, task.file) != task.file:
            yield (f"task {task.number} is together with tasks of "
                   f"{files[task.together]}")
