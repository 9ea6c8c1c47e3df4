"""Rules about README.md and answers.md: what they say of tasks is true."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from grader.learner import statement, workspace
from grader.library.library import (
    ANSWERS, CHECKS, MANIFEST, STATEMENTS, Folder, Task)

_CONSOLE = re.compile(r"```console\n(.*?)```", re.DOTALL)
_SECTION = re.compile(r"^## (\d+)\. (.+)$", re.MULTILINE)
MAIN_SECONDS = 60


def statements_match(folder: Folder) -> Iterator[str]:
    """README.md has one section for each task, titled as the manifest."""
    if (folder.path / STATEMENTS).is_file():
        yield from _untitled(folder, STATEMENTS)


def answers_are_discussed(folder: Folder) -> Iterator[str]:
    """answers.md, if there is one, has one section for each task.

    Nothing of it gets into a workspace: it gives the answers away.
    """
    if (folder.path / ANSWERS).is_file():
        yield from _untitled(folder, ANSWERS)
        if ANSWERS in workspace.files_of(folder):
            yield f"grade start copies {ANSWERS}"


def _untitled(folder: Folder, file: str) -> Iterator[str]:
    found = [(int(number), title.strip())
             for number, title in _SECTION.findall(_text(folder, file))]
    wanted = [(task.number, task.title) for task in folder.tasks]
    for number, title in wanted:
        if (number, title) not in found:
            yield f"{file} lacks the heading '## {number}. {title}'"
    for number, title in found:
        if (number, title) not in wanted:
            yield f"{file} has '## {number}. {title}', {MANIFEST} not"
    for number, title in sorted(set(found)):
        if found.count((number, title)) > 1:
            yield f"{file} has '## {number}. {title}' twice"


def mains_print_what_is_shown(folder: Folder) -> Iterator[str]:
    """A main prints the console block of its statement, if deterministic."""
    # Some of them wait, so they run at the same time.
    with ThreadPoolExecutor() as pool:
        for problem in pool.map(partial(_main_problem, folder),
                                folder.tasks):
            if problem:
                yield problem


def _main_problem(folder: Folder, task: Task) -> str | None:
    shown = console(folder, task)
    if shown is None or not (folder.path / task.main).is_file():
        return None
    command, _, expected = shown.partition("\n")
    if command.strip() != f"$ ./{task.main}":
        return f"the console block of {task.number} runs no ./{task.main}"
    if task.deterministic and _printed(folder, task) != expected:
        return f"{task.main} does not print what README.md shows"
    return None


def console(folder: Folder, task: Task) -> str | None:
    """Return the console block in a task's section of the README."""
    block = _CONSOLE.search(statement.section(_text(folder, STATEMENTS),
                                              task))
    return block[1] if block else None


def _printed(folder: Folder, task: Task) -> str:
    """Return what a main prints, run in a copy of its folder.

    It is "" if the main does not end in MAIN_SECONDS.
    """
    with tempfile.TemporaryDirectory(prefix="grade-") as scratch:
        copy = shutil.copytree(
            folder.path, f"{scratch}/{folder.name}",
            ignore=shutil.ignore_patterns(CHECKS, "*.db", "__pycache__"))
        # -B: compiled files in the copy are of no use.
        try:
            return subprocess.run(
                [sys.executable, "-E", "-B", task.main], text=True, cwd=copy,
                stdin=subprocess.DEVNULL, capture_output=True,
                timeout=MAIN_SECONDS).stdout
        except subprocess.TimeoutExpired:
            return ""


def _text(folder: Folder, file: str) -> str:
    path = folder.path / file
    return path.read_text(encoding="utf-8") if path.is_file() else ""
