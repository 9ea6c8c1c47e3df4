"""CSV for spreadsheets: lines, and cells that none takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

# What makes a spreadsheet take a cell for a formula, in either width. The
# apostrophe that stops it is itself one of them, or two names that differ
# would be one.
_FORMULA = tuple("'=+-@＝＋－＠")


def cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    flat = " ".join(text.splitlines())
    return f"'{flat}" if flat.lstrip().startswith(_FORMULA) else flat


def line(cells: Iterable[str]) -> str:
    """Return one line of CSV, with its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def number(value: float) -> str:
    """Return a number with no more digits than it needs."""
    return f"{round(value, 6):.12g}"
