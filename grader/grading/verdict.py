"""Decides the verdict on a task: pass, fail or error, and its points."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from grader import PYTHON
from grader.findings.causes import causes
from grader.findings.finding import Finding
from grader.findings.untrusted import Remarks
from grader.library.library import Folder, Task

PASS, FAIL, ERROR = "pass", "fail", "error"
UNDECIDED = "the grader could not tell: "
# The share of a task's points that types and style carry each; behaviour
# carries the rest. A folder's manifest can say otherwise.
_SHARE = 0.2


@dataclass(frozen=True, kw_only=True)
class TaskVerdict:
    """The verdict on one task.

    `dimensions` are the statuses of those that the folder demands. The last
    `of_style` pieces of advice are about style. `catches` has, where
    learners' tests are judged, the test cases that caught each fault.
    """

    task: Task
    status: str
    points: float
    dimensions: Mapping[str, str]
    failures: tuple[Finding, ...] = ()
    advice: tuple[str, ...] = ()
    of_style: int = 0
    seconds: float = 0.0
    catches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Report:
    """The verdicts on one submission, in the order of the course.

    `library` is the version of the grader, `python` that of the Python that
    judged. `caution` is a warning about the isolation that every format
    must show, or empty. `found` maps folders to their names in the
    submission, where these differ; `absent` are the folders that are not
    there.
    """

    submission: str
    library: str
    isolation: str
    seconds: float
    tasks: tuple[TaskVerdict, ...]
    python: str = PYTHON
    caution: str = ""
    found: Mapping[str, str] = field(default_factory=dict)
    absent: tuple[str, ...] = ()

    @property
    def points(self) -> float:
        """Return the sum of the points of all tasks."""
        return round(sum(each.points for each in self.tasks), 6)

    @property
    def max_points(self) -> float:
        """Return the sum of the points possible."""
        return round(sum(each.task.points for each in self.tasks), 6)

    @property
    def present(self) -> Report:
        """Return the same report without the folders that are not there."""
        return replace(self, absent=(), tasks=tuple(
            each for each in self.tasks
            if each.task.folder not in self.absent))

    def count(self, status: str) -> int:
        """Return how many tasks have that status."""
        return sum(each.status == status for each in self.tasks)


def absent(folder: Folder, task: Task, cause: str,
           message: str) -> TaskVerdict:
    """Return the verdict on a file that is missing or refused."""
    failure = Finding(dimension="behaviour", check="file", cause=cause,
                      message=message)
    return TaskVerdict(task=task, status=FAIL, points=0.0,
                       dimensions=dict.fromkeys(folder.dimensions, FAIL),
                       failures=(failure,))


def unfinished(folder: Folder, task: Task, why: str) -> TaskVerdict:
    """Return the verdict "error" on a task that could not be graded."""
    failure = Finding(dimension="behaviour", check="grader",
                      cause="unfinished",
                      message=f"{UNDECIDED}{why}")
    return TaskVerdict(task=task, status=ERROR, points=0.0,
                       dimensions=dict.fromkeys(folder.dimensions, ERROR),
                       failures=(failure,))


def decide(folder: Folder, task: Task, remarks: Mapping[str, Remarks],
           is_blank: bool = False) -> TaskVerdict:
    """Decide one task from the remarks of each dimension.

    Failures in a dimension that the folder does not demand become advice.
    A blank file, the starter as it was handed out, has no points, even if
    it passes a dimension.
    """
    demanded = {name: _status(remarks[name]) for name in folder.dimensions}
    failures = causes([each for name in folder.dimensions
                       for each in remarks[name].failures], task.explains)
    advice = {name: [*answer.advice, *(
        each.message for each in answer.failures if name not in demanded)]
        for name, answer in remarks.items()}
    of_style = dict.fromkeys(advice.pop("style", ()))
    others = dict.fromkeys(itertools.chain(*advice.values()))
    return TaskVerdict(
        task=task, status=overall(demanded.values()),
        points=0.0 if is_blank else _points(folder, task, demanded),
        dimensions=demanded,
        failures=tuple(failures + _errors(remarks, demanded)),
        advice=(*others, *of_style), of_style=len(of_style),
        catches=remarks["behaviour"].catches,
        seconds=sum(answer.seconds for answer in remarks.values()))


def _status(answer: Remarks) -> str:
    if answer.failures:
        return FAIL
    return ERROR if answer.error else PASS


def overall(statuses: Collection[str]) -> str:
    """Return the status of a task whose dimensions have these statuses."""
    found = set(statuses)
    return FAIL if FAIL in found else ERROR if ERROR in found else PASS


def _weights(dimensions: Sequence[str]) -> dict[str, float]:
    shares = dict.fromkeys(dimensions, _SHARE)
    return shares | {"behaviour": 1 - _SHARE * (len(dimensions) - 1)}


def _points(folder: Folder, task: Task,
            demanded: Mapping[str, str]) -> float:
    weights = folder.weights or _weights(folder.dimensions)
    share = sum(weights[name] for name in folder.dimensions
                if demanded[name] == PASS)
    return round(task.points * share, 6)


def _errors(remarks: Mapping[str, Remarks],
            demanded: Mapping[str, str]) -> list[Finding]:
    return [Finding(dimension=name, check=name, cause="unfinished",
                    message=f"{UNDECIDED}{remarks[name].error}")
            for name, status in demanded.items() if status == ERROR]
