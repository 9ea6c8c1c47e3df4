"""grades.csv: a row for each submission, a column for each task; pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from grader.exports.text import Data, heading

POSSIBLE = "points possible"
# What makes a spreadsheet take a cell for a formula, in either width.
_FORMULA = tuple("=+-@＝＋－＠")


def header(headings: Sequence[str]) -> list[str]:
    """Return the first line, for tasks named like "0x00/2"."""
    return ["submission", "score", "max", *headings]


def possible(points: Sequence[float]) -> list[str]:
    """Return the first row of data: the points possible in each task."""
    total = _number(sum(points))
    return [POSSIBLE, total, total, *map(_number, points)]


def row(data: Data, headings: Sequence[str]) -> list[str]:
    """Return the row of one report; a task it lacks stays empty."""
    points = {heading(task): task["points"] for task in data["tasks"]}
    return [cell(data["submission"]), _number(data["score"]["points"]),
            _number(data["score"]["max"]),
            *(_number(points[each]) if each in points else ""
              for each in headings)]


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
