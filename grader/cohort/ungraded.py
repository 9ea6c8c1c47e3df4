"""Makes the reports on submissions that could not be graded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from grader import __version__
from grader.grading import verdict
from grader.grading.verdict import Report, TaskVerdict
from grader.library.library import Folder, Library, Task
from grader.report.report import as_data
from grader.report.wording import Data

Judge = Callable[[Folder, Task], TaskVerdict]


def refused(why: str) -> Judge:
    """Return a function that makes the verdict "refused" on a task."""
    return lambda folder, task: verdict.absent(folder, task, "refused", why)


def missing(why: str) -> Judge:
    """Return a function that makes the verdict "missing" on a task."""
    return lambda folder, task: verdict.absent(folder, task, "missing", why)


def unfinished(why: str) -> Judge:
    """Return a function that makes the verdict "error" on a task."""
    return lambda folder, task: verdict.unfinished(folder, task, why)


def why(task: Data) -> str:
    """Return why a task could not be judged, in one line."""
    messages = [each["message"] for each in task["failures"]
                if each["cause"] == "unfinished"]
    text = messages[-1] if messages else ""
    return " ".join(text.removeprefix(verdict.UNDECIDED).split()) or (
        "no reason given")


def report(name: str, library: Library, tasks: Sequence[Task], tier: str,
           judge: Judge) -> dict[str, Any]:
    """Return the JSON data of a report with that verdict on every task."""
    return as_data(Report(
        submission=name, library=__version__, isolation=tier, seconds=0.0,
        tasks=tuple(judge(library.folder(task.folder), task)
                    for task in tasks)))
