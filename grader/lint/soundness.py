"""Rules that are tried by grading: models must pass, empty files fail."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor

from grader.grading.grading import Grader, Options
from grader.grading.verdict import PASS, TaskVerdict
from grader.library.library import Folder, Library, Task
from grader.lint import freshness
from grader.lint.freshness import Show
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission, read_folder
from grader.submission.neededfiles import kinds_of
from grader.suites.judge import Judged
from grader.suites.suite import suite_of

# A file that defines nothing. An empty one would not be run.
NOTHING = b'#!/usr/bin/env python3\n"""Nothing yet."""\n'


def grading(library: Library, show: Show) -> Iterator[str]:
    """Every model passes all, every starter fails all that it must.

    Every check can fail, and knowing the library does not help.
    """
    models = Submission(name="models", folders={
        folder.name: read_folder(folder.path, kinds_of(folder))
        for folder in library.folders})
    with Grader(library, Options(jobs=os.cpu_count() or 1)) as grader:
        for graded in grader.grade(models, library.tasks).tasks:
            if graded.status != PASS:
                yield f"{graded.task.id}: the model fails: " + "; ".join(
                    each.message for each in graded.failures)
        for graded in grader.grade(starters(library), library.tasks).tasks:
            yield from _starter_problems(graded)
        yield from _suite_problems(library, grader, show)


def _suite_problems(library: Library, grader: Grader,
                    show: Show) -> Iterator[str]:
    """Try the suites of several tasks at a time; yield in order.

    `show` gets the lines on each suite.
    """
    def problems(task: Task) -> tuple[list[str], list[str]]:
        lines: list[str] = []
        folder = library.folder(task.folder)
        return [*idle_checks(folder, task, grader.checks),
                *freshness.problems(task, grader, lines.append)], lines

    with ThreadPoolExecutor(2 * (os.cpu_count() or 1)) as pool:
        for found, lines in pool.map(problems, (
                task for folder in library.folders if folder.judge == "suite"
                for task in folder.tasks)):
            for line in lines:
                show(line)
            yield from found


def idle_checks(folder: Folder, task: Task,
                checks: Callable[[Task, bytes], Mapping[str, Judged]]
                ) -> Iterator[str]:
    """A check fails on a file that defines nothing."""
    for name, check in checks(task, NOTHING).items():
        if check.finding is None and name not in task.advisory:
            yield (f"{task.id}: {name} passes on a file that defines "
                   "nothing; let it ask for what it checks")
    known = suite_of(folder, task).checks
    yield from (f"{task.id}: advisory names {name}, which is no check"
                for name in task.advisory if name not in known)
    methods = {name.split(".")[1] for name in known}
    yield from (f"{task.id}: {key} names {name}, which is no check"
                for key, names in (
                    ("check_hints", task.check_hints),
                    ("explains", itertools.chain(
                        task.explains, *task.explains.values())))
                for name in names if name not in methods)


def starters(library: Library) -> Submission:
    """Return a new workspace as a submission."""
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
