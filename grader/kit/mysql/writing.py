"""Statements that write, counted as MySQL counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from grader.kit.mysql.catalogue import Result
from grader.kit.mysql.schema import Table
from grader.kit.mysql.translate import Query

Values = Sequence[Any]


class Watched:
    """Rows on their way to a statement; the last one is remembered."""

    def __init__(self, rows: Iterable[Values]) -> None:
        self._rows = rows
        self.number = 0
        self.last: Values = ()

    def __iter__(self) -> Iterator[Values]:
        for self.number, self.last in enumerate(self._rows, 1):
            yield self.last


def once(handle: sqlite3.Connection, plan: Query, tables: Sequence[Table],
         values: Values) -> Result:
    """Run a statement once."""
    cursor, affected, new = _counted(
        handle, plan, tables, lambda: handle.execute(plan.sql, values))
    identity = 0
    if plan.kind in ("insert", "replace") and new and tables[0].auto:
        identity = (cursor.lastrowid or 0) - new + 1
    return Result(None, iter(()), affected, identity)


def each(handle: sqlite3.Connection, plan: Query, tables: Sequence[Table],
         rows: Iterable[Values]) -> Result:
    """Run an INSERT for each of the rows."""
    _, affected, new = _counted(
        handle, plan, tables, lambda: handle.executemany(plan.sql, rows))
    identity = 0
    if new > 0 and tables[0].auto:
        last = handle.execute("SELECT last_insert_rowid()").fetchone()[0]
        identity = last - new + 1 if affected == new else last
    return Result(affected=affected, identity=identity)


def _counted(handle: sqlite3.Connection, plan: Query,
             tables: Sequence[Table], write: Callable[[], sqlite3.Cursor]
             ) -> tuple[sqlite3.Cursor, int, int]:
    """Write; count what changed as MySQL does, and how much of it is new.

    A row that took the place of another counts as two.
    """
    if not (plan.upsert or plan.kind == "replace"):
        cursor = write()
        return cursor, cursor.rowcount, cursor.rowcount
    before = _count(handle, tables)
    cursor = write()
    new = _count(handle, tables) - before
    return cursor, new + 2 * (cursor.rowcount - new), new


def _count(handle: sqlite3.Connection, tables: Sequence[Table]) -> int:
    found = handle.execute(f"SELECT COUNT(*) FROM `{tables[0].name}`")
    return int(found.fetchone()[0])
