"""The library's own invariants: each rule yields what breaks it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection, Iterator
from random import Random

from grader.behaviour.doubt import Doubt
from grader.behaviour.edits import Kind
from grader.behaviour.expectations import edits
from grader.behaviour.suite import Suite, suite_of
from grader.behaviour.twins import CHANCE
from grader.errors import UserError
from grader.grading import Grader, Options
from grader.library import CHECKS, FOLDERS, MANIFEST, Folder, Library, Task
from grader.submission import SubmittedFile, Submission, read_folder
from grader.verdict import PASS, TaskVerdict

_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_SECTION = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)
_IGNORED = {"__pycache__", ".mypy_cache", ".pytest_cache"}
MAIN_SECONDS = 60


def problems(library: Library) -> list[str]:
    """Return one line for everything in the library that is not right."""
    return [*_by_reading(library), *_by_grading(library)]


def _by_reading(library: Library) -> Iterator[str]:
    for name in FOLDERS:
        if not (library.root / name / MANIFEST).is_file():
            yield f"{name}: {MANIFEST} is missing"
    for folder in library.folders:
        for rule in RULES:
            for problem in rule(folder):
                yield f"{folder.name}: {problem}"


def every_file_is_there(folder: Folder) -> Iterator[str]:
    """A task has its model, main and suite."""
    for task in folder.tasks:
        for name in (task.file, task.main, f"{CHECKS}/{task.suite}"):
            if not (folder.path / name).is_file():
                yield f"task {task.number} has no {name}"


def no_file_is_undeclared(folder: Folder) -> Iterator[str]:
    """Nothing lies in a folder that the manifest does not explain."""
    declared = {"README.md", MANIFEST, CHECKS, *folder.given, *folder.props}
    for task in folder.tasks:
        declared |= {task.file, task.main}
    for path in folder.path.iterdir():
        if path.name not in declared | _IGNORED and path.suffix != ".db":
            yield f"{path.name} is not declared in {MANIFEST}"
    known = {task.suite for task in folder.tasks}
    for path in (folder.path / CHECKS).glob("*.py"):
        if path.name not in known:
            yield f"{CHECKS}/{path.name} belongs to no task"


def every_hint_says_something(folder: Folder) -> Iterator[str]:
    """A task has two hints at least, a question and a pointer."""
    for task in folder.tasks:
        if len(task.hints) < 2 or not all(map(str.strip, task.hints)):
            yield f"task {task.number} needs two hints that are not empty"


def numbers_are_unique(folder: Folder) -> Iterator[str]:
    """No two tasks of a folder share a number."""
    numbers = [task.number for task in folder.tasks]
    for number in sorted(set(numbers)):
        if numbers.count(number) > 1:
            yield f"the number {number} is used twice"


def statements_match(folder: Folder) -> Iterator[str]:
    """README.md has one section for each task, titled as the manifest."""
    text = _readme(folder)
    found = [(int(number), title.strip())
             for number, title in _SECTION.findall(text)]
    wanted = [(task.number, task.title) for task in folder.tasks]
    for number, title in wanted:
        if (number, title) not in found:
            yield f"README.md lacks the heading '## {number}. {title}'"
    for number, title in found:
        if (number, title) not in wanted:
            yield f"README.md has '## {number}. {title}', {MANIFEST} not"


def suites_hold_checks(folder: Folder) -> Iterator[str]:
    """A suite has at least one check."""
    for task in folder.tasks:
        path = folder.path / CHECKS / task.suite
        if path.is_file() and not suite_of(folder, task).checks:
            yield f"{CHECKS}/{task.suite} holds no check"


def scripts_are_executable(folder: Folder) -> Iterator[str]:
    """Models and mains can be run with ./ on systems with such a bit."""
    if os.name == "nt":
        return
    for name in sorted({name for task in folder.tasks
                        for name in (task.file, task.main)}):
        path = folder.path / name
        if path.is_file() and not os.access(path, os.X_OK):
            yield f"{name} is not executable"


def mains_print_what_is_shown(folder: Folder) -> Iterator[str]:
    """A main prints the console block of its statement, if it can know."""
    for task in folder.tasks:
        shown = console(folder, task)
        if shown is None or not (folder.path / task.main).is_file():
            continue
        command, _, expected = shown.partition("\n")
        if command.strip() != f"$ ./{task.main}":
            yield f"the console block of {task.number} runs no ./{task.main}"
        elif task.deterministic and _printed(folder, task) != expected:
            yield f"{task.main} does not print what README.md shows"


def console(folder: Folder, task: Task) -> str | None:
    """Return the console block in a task's section of the README."""
    sections = _SECTION.split(_readme(folder))
    for number, body in zip(sections[1::3], sections[3::3]):
        if int(number) == task.number and (
                block := _CONSOLE.search(body)):
            return block[1]
    return None


def _printed(folder: Folder, task: Task) -> str:
    """Return what a main prints in a copy of the folder, as at first."""
    with tempfile.TemporaryDirectory(prefix="grade-") as scratch:
        copy = shutil.copytree(
            folder.path, f"{scratch}/{folder.name}",
            ignore=shutil.ignore_patterns(CHECKS, "*.db", "__pycache__"))
        done = subprocess.run([sys.executable, "-B", task.main], text=True,
                              cwd=copy, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=MAIN_SECONDS)
    return done.stdout


def _readme(folder: Folder) -> str:
    path = folder.path / "README.md"
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def tasks_together_share_a_file(folder: Folder) -> Iterator[str]:
    """Tasks that are judged in the same runs are of one file."""
    files: dict[str, str] = {}
    for task in folder.tasks:
        if task.together and files.setdefault(
                task.together, task.file) != task.file:
            yield (f"task {task.number} is together with tasks of "
                   f"{files[task.together]}")


Rule = Callable[[Folder], Iterator[str]]
RULES: tuple[Rule, ...] = (
    every_file_is_there, no_file_is_undeclared, every_hint_says_something,
    numbers_are_unique, statements_match, suites_hold_checks,
    scripts_are_executable, mains_print_what_is_shown,
    tasks_together_share_a_file)


def _by_grading(library: Library) -> Iterator[str]:
    """Every model passes all, every starter fails all that it must."""
    models = Submission(name="models", folders={
        folder.name: read_folder(folder.path) for folder in library.folders})
    with Grader(library, Options(jobs=os.cpu_count() or 1)) as grader:
        for graded in grader.grade(models, library.tasks).tasks:
            if graded.status != PASS:
                yield f"{graded.task.id}: the model fails: " + "; ".join(
                    each.message for each in graded.failures)
        blank = grader.grade(starters(library), library.tasks)
        for folder in library.folders:
            if folder.judge == "suite":
                yield from doubtful_checks(folder, grader.doubt)
    for graded in blank.tasks:
        yield from _starter_problems(graded)


def doubtful_checks(folder: Folder,
                    doubt: Callable[[Task], Doubt]) -> Iterator[str]:
    """A lie is noticed in every check, but for those that only advise."""
    for task in folder.tasks:
        try:
            seen = doubt(task)
        except UserError:
            continue  # the model fails, which is said elsewhere
        suite = suite_of(folder, task)
        for check in suite.checks:
            if seen.chance(check) >= CHANCE and not task.blind.get(check):
                yield (f"{task.id}: no twin can spoil {check}; let it hold "
                       "an expectation, or give the reason under blind")
        yield from (f"{task.id}: {why}"
                    for why in _wrongly_blind(suite, task.blind))


def _wrongly_blind(suite: Suite, blind: Collection[str]) -> Iterator[str]:
    expected = edits(suite.source, Random(0))
    for check in blind:
        if check not in suite.checks:
            yield f"there is no {check} to be blind"
        elif any(edit.kind is not Kind.END for edit in expected[check]):
            yield f"{check} is not blind: it holds an expectation"


def starters(library: Library) -> Submission:
    """Return a workspace that nobody has worked in, as a submission."""
    return Submission(name="starters", folders={
        folder.name: {task.file: SubmittedFile(content=task.starter.encode())
                      for task in folder.tasks}
        for folder in library.folders})


def _starter_problems(graded: TaskVerdict) -> Iterator[str]:
    task = graded.task
    for name, status in graded.dimensions.items():
        if status == PASS and name not in task.starter_passes:
            yield f"{task.id}: the blank starter passes {name}"
        if status != PASS and name in task.starter_passes:
            yield f"{task.id}: starter_passes names {name}, which it fails"
