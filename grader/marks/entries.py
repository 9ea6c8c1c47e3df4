"""Makes a gradebook, a Book, from the results of a class.

A Book is what the formats in the module books write; a ClassBook knows who the
learners are, and their marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from grader.grading.verdict import FAIL
from grader.marks.books import Book, Row
from grader.marks.classbook import ClassBook
from grader.report.records import Record, is_settled
from grader.report.wording import Data, heading, name

# Keys of a record that are not about its learner.
_COMMON = ("version", "library", "python", "isolation")
# The failure of each task of a learner who handed in nothing.
_ABSENT = {"dimension": "behaviour", "check": "file", "cause": "missing",
           "message": "nothing was handed in", "call": None,
           "expected": None, "got": None, "line": None, "hint": ""}


class _Column(NamedTuple):
    """A column of points: its tasks, by heading, and their points in all."""

    name: str
    tasks: frozenset[str]
    most: float


def empty_record(tasks: Iterable[Data], record: Data) -> Record:
    """Return the record of a learner who handed in nothing, without a name.

    All its tasks fail. What is not about a learner is taken from another
    `record`.
    """
    none = [{**task, "status": FAIL, "points": 0.0, "advice": [],
             "dimensions": dict.fromkeys(task["dimensions"], FAIL),
             "failures": [_ABSENT]} for task in tasks]
    return {key: record[key] for key in _COMMON if key in record} | {
        "tasks": none, "seconds": 0.0, "score": {"points": 0.0, "max": round(
            sum(task["max_points"] for task in none), 6)}}


def all_tasks(records: Iterable[Data]) -> list[Data]:
    """Return each task of the results once, from the first that has it."""
    found: dict[str, Data] = {}
    for record in records:
        for task in record["tasks"]:
            found.setdefault(heading(task), task)
    return list(found.values())


def book(records: Iterable[Record], classbook: ClassBook, by: str,
         title: str, out_of: float | None = None) -> Book:
    """Return a gradebook of results, a row for each record.

    `by` says what a column is: "total", "folder" or "task". The total is
    the mark where there is one, else the score; its column has the heading
    `title` and is scaled to `out_of`, if that is given. Folders and tasks
    have their points, after overrides.
    """
    kept = list(records)
    columns = _columns(kept, by)
    rows = [_row(record, classbook, columns, out_of) for record in kept]
    most = max((_whole(record, classbook)[1] for record in kept),
               default=0.0)
    return Book(columns=[title] if by == "total" else
                [column.name for column in columns],
                most=[out_of or most] if by == "total" else
                [column.most for column in columns], rows=rows)


def _columns(records: Sequence[Data], by: str) -> list[_Column]:
    """Return a column for each task or folder; none for "total"."""
    if by == "total":
        return []
    tasks = all_tasks(records)
    if by == "task":
        return [_Column(name(task), frozenset((heading(task),)),
                        task["max_points"]) for task in tasks]
    return [_Column(folder, frozenset(map(heading, some)), sum(
        task["max_points"] for task in some)) for folder, some in (
            (folder, list(found)) for folder, found in groupby(
                tasks, lambda task: str(task["folder"])))]


def _row(record: Data, classbook: ClassBook, columns: Sequence[_Column],
         out_of: float | None) -> Row:
    value, most = _whole(record, classbook)
    if value is not None and out_of:
        value = round(value * out_of / (most or 1.0), 2)
    points = classbook.points(record)
    return Row(person=classbook.of(record),
               facts=dict(_facts(record, classbook)),
               grades=[_sum(points, column) for column in columns]
               if columns else [value])


def _whole(record: Data, classbook: ClassBook) -> tuple[float | None, float]:
    """Return (points, maximum) of a mark, or of the score without one.

    The points are None if a task was not judged.
    """
    mark = classbook.mark(record)
    if mark is not None:
        return mark.points, mark.most
    judged = all(map(is_settled, record["tasks"]))
    return (record["score"]["points"] if judged else None,
            record["score"]["max"])


def _sum(points: dict[str, float | None], column: _Column) -> float | None:
    """Return the points of a column, None if any was not judged."""
    found = [points.get(task, 0.0) for task in column.tasks]
    return None if None in found else round(
        sum(each or 0.0 for each in found), 6)


def _facts(record: Data, classbook: ClassBook) -> Iterator[tuple[str, str]]:
    """Yield the headings and cells of the columns of the plain form alone."""
    mark = classbook.mark(record)
    # A book without a scheme gives no mark, so this is the score.
    value, _ = _whole(record, ClassBook())
    yield "score", "" if value is None else f"{value:g}"
    yield "handed in", record.get("handed_in") or ""
    yield "remarks", "; ".join(mark.notes) if mark else ""
