"""Makes the rows of a gradebook from the results of a class."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from grader.grading.verdict import FAIL
from grader.marks.books import Book, Row
from grader.marks.classbook import ClassBook
from grader.report.records import Record, is_settled
from grader.report.wording import Data, heading, name

_COMMON = ("version", "library", "python", "isolation")
_ABSENT = {"dimension": "behaviour", "check": "file", "cause": "missing",
           "message": "nothing was handed in", "call": None,
           "expected": None, "got": None, "line": None, "hint": ""}


class _Column(NamedTuple):
    name: str
    tasks: frozenset[str]
    most: float


def missing(tasks: Iterable[Data], record: Data) -> Record:
    """Return a record of nothing handed in, without a name.

    All that is not about a learner is taken from another `record`.
    """
    none = [{**task, "status": FAIL, "points": 0.0, "advice": [],
             "dimensions": dict.fromkeys(task["dimensions"], FAIL),
             "failures": [_ABSENT]} for task in tasks]
    return {name: record[name] for name in _COMMON if name in record} | {
        "tasks": none, "seconds": 0.0, "score": {"points": 0.0, "max": round(
            sum(task["max_points"] for task in none), 6)}}


def all_tasks(records: Iterable[Data]) -> list[Data]:
    """Return each task of the results once, as it was first found."""
    found: dict[str, Data] = {}
    for record in records:
        for task in record["tasks"]:
            found.setdefault(heading(task), task)
    return list(found.values())


def book(records: Iterable[Record], classbook: ClassBook, by: str,
         title: str, out_of: float | None = None) -> Book:
    """Return a gradebook of results: of the whole, folders or tasks.

    The whole is the mark where there is one, and the score where not; a
    folder or a task has its points, with what the staff decided. `title` is
    the heading of the whole, whose maximum is scaled to `out_of`.
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
    """Return the columns that all tasks of the results come to."""
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
    mark = classbook.mark(record)
    value, _ = _whole(record, ClassBook())
    yield "score", "" if value is None else f"{value:g}"
    yield "handed in", record.get("handed_in") or ""
    yield "remarks", "; ".join(mark.notes) if mark else ""
