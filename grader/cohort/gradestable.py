"""Makes grades.csv: a row for each submission, a column for each task."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from grader.library.library import Task
from grader.marks.classbook import ClassBook
from grader.report.records import Record, is_settled
from grader.report.spreadsheet import cell, line, number
from grader.report.wording import Data, heading

POSSIBLE = "points possible"
IDENTITY = ("name", "id", "email", "section")


class Column(Protocol):
    """A task that has a column: one of the library, or of earlier results."""

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
    at any time without reading the results again. `book` is the class that
    they are of, `absent` are the reports on those who handed in nothing, by
    their place in it.
    """

    def __init__(self, course: Sequence[Task],
                 requested: Sequence[Task]) -> None:
        self.book = ClassBook()
        self.absent: Mapping[int, Record] = {}
        self._course = course
        self._seen: dict[str, Column] = {task.id: task for task in requested}
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
            self._row(record))

    def _row(self, record: Data) -> list[str]:
        """Return the score, the most, the mark, and the points of tasks."""
        mark = self.book.mark(record)
        marks = [] if mark is None else [
            "" if mark.points is None else number(mark.points),
            number(mark.most)]
        return [*totals(record), *marks, *map(points, record["tasks"])]

    def columns(self) -> list[Column]:
        """Return the tasks asked for or graded ever, in course order."""
        course = {task.id: task for task in self._course}
        return [*(task for name, task in course.items()
                  if name in self._seen),
                *(self._seen[name] for name in sorted(
                    self._seen.keys() - course.keys()))]

    def lines(self) -> Iterator[str]:
        """Yield the table, a line for each submission, by name.

        Where there is a roster, its order counts, all learners have a row,
        and columns say who that is; where there is a scheme, two columns
        have the mark.
        """
        columns = self.columns()
        names = [column.id for column in columns]
        # Without a roster only the logins of clones may be known, and those
        # are in the names.
        is_known = any(getattr(person, each) for person in self.book.people
                       for each in IDENTITY)
        identity = list(IDENTITY) if is_known else []
        marks = ["mark", "mark max"] if self.book.scheme else []
        yield line(["submission", *identity, "score", "max", *marks, *names])
        first, *most = possible([column.points for column in columns])
        yield line([first, *[""] * len(identity), *most[:2],
                    *[""] * len(marks), *most[2:]])
        places = {self.book.place(name): name for name in self._rows}
        for place in sorted({*places, *((each, "") for each in self.absent)}):
            if place in places:
                submission = places[place]
                headings, cells = self._rows[submission]
                row = cells.split(",")
                person = self.book.person(submission)
            else:
                submission, record = "", self.absent[place[0]]
                headings = tuple(map(heading, record["tasks"]))
                row = self._row(record)
                person = self.book.people[place[0]]
            sums, found = row[:2 + len(marks)], row[2 + len(marks):]
            by_task = dict(zip(headings, found))
            yield line([
                cell(submission), *(cell(getattr(person, each))
                                    for each in identity),
                *sums, *(by_task.get(each, "") for each in names)])


def _former(name: str, task: Data) -> FormerTask:
    return FormerTask(id=name, folder=task["folder"], file=task["file"],
                      title=task["title"], points=task["max_points"])


def possible(points: Sequence[float]) -> list[str]:
    """Return the first row of data: the points possible in each task."""
    total = number(sum(points))
    return [POSSIBLE, total, total, *map(number, points)]


def totals(data: Data) -> tuple[str, str]:
    """Return the score, empty where a task was not judged, and the most."""
    judged = all(map(is_settled, data["tasks"]))
    return (number(data["score"]["points"]) if judged else "",
            number(data["score"]["max"]))


def points(task: Data) -> str:
    """Return the points of a task, empty where it was not judged."""
    return number(task["points"]) if is_settled(task) else ""
