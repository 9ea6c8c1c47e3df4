"""grades.csv: a row for each submission, a column for each task; pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from grader.cohort.records import is_settled
from grader.library.library import Task
from grader.report.wording import Data, heading

POSSIBLE = "points possible"
# What makes a spreadsheet take a cell for a formula, in either width. The
# apostrophe that stops it is itself one of them, or two names that differ
# would be one.
_FORMULA = tuple("'=+-@＝＋－＠")


class Column(Protocol):
    """A task that has a column: one of the library, or a former one."""

    @property
    def id(self) -> str: ...
    @property
    def folder(self) -> str: ...
    @property
    def file(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def points(self) -> float: ...


@dataclass(frozen=True, kw_only=True)
class FormerTask:
    """A task that results are about, and that is not in the library."""

    id: str
    folder: str
    file: str
    title: str
    points: float


class Grades:
    """The points of every submission whose record was `add`ed.

    It holds a few hundred bytes for each, so that the table can be written
    at any time without reading the results again.
    """

    def __init__(self, course: Sequence[Task],
                 asked: Sequence[Task]) -> None:
        self._course = course
        self._seen: dict[str, Column] = {task.id: task for task in asked}
        self._rows: dict[str, tuple[tuple[str, ...], str]] = {}
        self._headings: dict[tuple[str, ...], tuple[str, ...]] = {}

    def add(self, record: Data) -> None:
        """Take in a record, in place of an earlier one of that name."""
        tasks = record["tasks"]
        headings = tuple(map(heading, tasks))
        # Most have one and the same tuple of headings.
        headings = self._headings.setdefault(headings, headings)
        for name, task in zip(headings, tasks):
            if name not in self._seen:
                self._seen[name] = _former(name, task)
        self._rows[record["submission"]] = headings, ",".join(
            [*totals(record), *map(points, tasks)])

    def columns(self) -> list[Column]:
        """Return the tasks asked for or graded ever, in course order."""
        course = {task.id: task for task in self._course}
        return [*(task for name, task in course.items()
                  if name in self._seen),
                *(self._seen[name] for name in sorted(
                    self._seen.keys() - course.keys()))]

    def lines(self) -> Iterator[str]:
        """Yield the table, a line for each submission, by name."""
        columns = self.columns()
        names = [column.id for column in columns]
        yield line(["submission", "score", "max", *names])
        yield line(possible([column.points for column in columns]))
        for name in sorted(self._rows):
            headings, cells = self._rows[name]
            score, most, *found = cells.split(",")
            by_task = dict(zip(headings, found))
            yield line([cell(name), score, most, *(
                by_task.get(each, "") for each in names)])


def _former(name: str, task: Data) -> FormerTask:
    return FormerTask(id=name, folder=task["folder"], file=task["file"],
                      title=task["title"], points=task["max_points"])


def possible(points: Sequence[float]) -> list[str]:
    """Return the first row of data: the points possible in each task."""
    total = _number(sum(points))
    return [POSSIBLE, total, total, *map(_number, points)]


def totals(data: Data) -> tuple[str, str]:
    """Return the score, empty where a task was not judged, and the most."""
    judged = all(map(is_settled, data["tasks"]))
    return (_number(data["score"]["points"]) if judged else "",
            _number(data["score"]["max"]))


def points(task: Data) -> str:
    """Return the points of a task, empty where it was not judged."""
    return _number(task["points"]) if is_settled(task) else ""


def cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    flat = " ".join(text.splitlines())
    return f"'{flat}" if flat.lstrip().startswith(_FORMULA) else flat


def line(cells: Iterable[str]) -> str:
    """Return one line of CSV, with its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def _number(points: float) -> str:
    return f"{round(points, 6):.12g}"
