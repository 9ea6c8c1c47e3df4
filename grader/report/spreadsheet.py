"""Writes lines of CSV whose cells no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

# The first characters by which a spreadsheet takes a cell for a formula, in
# half and full width. An apostrophe before the cell prevents that. Cells that
# begin with an apostrophe get one, too, so that two different names stay
# different.
_FORMULA = tuple("'=+-@＝＋－＠")


def cell(text: str) -> str:
    """Return a text as one line that no spreadsheet takes for a formula."""
    flat = " ".join(text.splitlines())
    return f"'{flat}" if flat.lstrip().startswith(_FORMULA) else flat


def line(cells: Iterable[str]) -> str:
    """Return one line of CSV, with a new line at its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def number(value: float) -> str:
    """Return a number, rounded to 6 decimals, without trailing zeros."""
    return f"{round(value, 6):.12g}"
