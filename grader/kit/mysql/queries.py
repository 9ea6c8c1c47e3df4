"""Runs SELECT, INSERT, REPLACE, UPDATE and DELETE on SQLite.

Rows are counted as MySQL counts them, and errors are MySQL's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from grader.kit.mysql.catalogue import VIEWS, lookup
from grader.kit.mysql.functions import exactly
from grader.kit.mysql.lexer import statements
from grader.kit.mysql.schema import Result, Row, Table, Values
from grader.kit.mysql.server_error import error
from grader.kit.mysql.session import Session
from grader.kit.mysql.sqlite_errors import explained
from grader.kit.mysql.translate import Plan, planned


class Watched:
    """Rows on their way to a statement; the last one is remembered.

    SQLite does not report which row of an executemany it refused.
    """

    def __init__(self, rows: Iterable[Values]) -> None:
        self._rows = rows
        self.number = 0
        self.last: Values = ()

    def __iter__(self) -> Iterator[Values]:
        for self.number, self.last in enumerate(self._rows, 1):
            yield self.last


def run(session: Session, plan: Plan, values: Values) -> Result:
    """Run a statement once, with the values for its marks."""
    for place in plan.numbers:
        if isinstance(values[place], str | float | Decimal | None):
            raise error(1064, repr(values[place]), 1)
    handle, tables = _place(session, plan)
    try:
        if plan.kind in ("select", "with", "values"):
            return _read(session, handle, plan, values, tables)
        with session.writing(handle):
            return _noted(session, _write(handle, plan, tables, values))
    except sqlite3.Error as failure:
        raise explained(failure, plan, tables, values, session.database, 1
                        ) from None


def many(session: Session, sql: str, rows: Iterable[Values]) -> Result:
    """Run an INSERT for each of the rows: all of them or none."""
    plan = planned(statements(sql)[0], True)
    handle, tables = _place(session, plan)
    watched = Watched(rows)
    with session.writing(handle):
        handle.execute("SAVEPOINT many")
        try:
            return _noted(session,
                          _write_each(handle, plan, tables, watched))
        except BaseException as failure:
            handle.execute("ROLLBACK TO many")
            if isinstance(failure, sqlite3.Error):
                raise explained(failure, plan, tables, watched.last,
                                session.database, watched.number) from None
            raise
        finally:
            handle.execute("RELEASE many")


def _noted(session: Session, result: Result) -> Result:
    """Remember the number that a new row was given."""
    if result.identity:
        session.state["identity"] = result.identity
    return result


def _place(session: Session, plan: Plan
           ) -> tuple[sqlite3.Connection, list[Table]]:
    """Find the schema of a statement's tables, and the tables.

    Raises error 1046, 1109, 1146 or 1235 where that is not possible.
    """
    schemas = {t.schema or session.database for t in plan.targets}
    if any((s or "").lower() == "information_schema" for s in schemas):
        for target in plan.targets:
            if target.table.upper() not in VIEWS:
                raise error(1109, target.table, "information_schema")
        return session.views(), []
    if not plan.targets or plan.kind == "with":
        # The targets of a WITH may be its own queries, which are no tables.
        return session.handle(session.database), []
    if len(schemas) > 1:
        raise error(1235, "tables of two schemas in one statement")
    database = schemas.pop()
    tables = [lookup(session.server, database, t.table)
              for t in plan.targets]
    return session.handle(database), tables


# Reading

def _read(session: Session, handle: sqlite3.Connection, plan: Plan,
          values: Values, tables: Sequence[Table]) -> Result:
    session.reading = bool(tables) and not session.autocommit
    cursor = session.read(handle, plan.sql, values)
    columns = tuple(d[0] for d in cursor.description)
    rows: Iterator[Row] = cursor
    if plan.exact:
        rows = exactly(cursor, _scales(plan, tables))
    return Result(columns, rows, tables=tuple(tables))


def _scales(plan: Plan, tables: Sequence[Table]) -> dict[int, int]:
    """Return the decimal places of the result columns that are exact."""
    found = {}
    for place, word, name in plan.exact:
        column = tables[0].column(name) if tables else None
        base = column.base if column else "int"
        scale = column.scale if column else 0
        if base in ("float", "double") or (
                word in ("MIN", "MAX") and base != "decimal"):
            continue
        # MySQL adds four places to an average or a quotient.
        found[place] = scale + 4 if word in ("AVG", "/") else scale
    return found


# Writing

def _write(handle: sqlite3.Connection, plan: Plan, tables: Sequence[Table],
           values: Values) -> Result:
    cursor, affected, new = _counted(
        handle, plan, tables, lambda: handle.execute(plan.sql, values))
    identity = 0
    if plan.kind in ("insert", "replace") and new and tables[0].auto:
        # Of several new rows MySQL returns the first number, SQLite the last.
        identity = (cursor.lastrowid or 0) - new + 1
    return Result(affected=affected, identity=identity)


def _write_each(handle: sqlite3.Connection, plan: Plan,
                tables: Sequence[Table], rows: Iterable[Values]) -> Result:
    _, affected, new = _counted(
        handle, plan, tables, lambda: handle.executemany(plan.sql, rows))
    identity = 0
    if new > 0 and tables[0].auto:
        # executemany leaves no lastrowid.
        last = handle.execute("SELECT last_insert_rowid()").fetchone()[0]
        identity = last - new + 1 if affected == new else last
    return Result(affected=affected, identity=identity)


def _counted(handle: sqlite3.Connection, plan: Plan,
             tables: Sequence[Table], write: Callable[[], sqlite3.Cursor]
             ) -> tuple[sqlite3.Cursor, int, int]:
    """Write; return the cursor, the rows affected and the new rows.

    MySQL counts a row that took the place of another as two.
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
