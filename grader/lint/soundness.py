"""What shows when the library is graded itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping
from random import Random

from grader.behaviour.checks import Check
from grader.behaviour.doubt import Doubt
from grader.behaviour.edits import Kind
from grader.behaviour.expectations import edits
from grader.behaviour.suite import Suite, suite_of
from grader.behaviour.twins import CHANCE
from grader.errors import UserError
from grader.grading import Grader, Options
from grader.library import Folder, Library, Task
from grader.submission import SubmittedFile, Submission, read_folder
from grader.verdict import PASS, TaskVerdict

# What defines nothing, and is not empty: that would not be run at all.
NOTHING = b'#!/usr/bin/env python3\n"""Nothing yet."""\n'


def grading(library: Library) -> Iterator[str]:
    """Every model passes all, every starter fails all that it must.

    Every check can fail, and a lie is noticed in every check.
    """
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
                yield from idle_checks(folder, grader.checks)
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


def idle_checks(folder: Folder,
                checks: Callable[[Task, bytes], Mapping[str, Check]]
                ) -> Iterator[str]:
    """A check fails on a file that defines nothing."""
    for task in folder.tasks:
        for name, check in checks(task, NOTHING).items():
            if check.finding is None and name not in task.blind:
                yield (f"{task.id}: {name} passes on a file that defines "
                       "nothing; let it ask for what it checks")


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
