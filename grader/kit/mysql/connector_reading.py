"""How the cursors of mysql.connector hand out rows."""

from __future__ import annotations

import sqlite3
import weakref
from collections import namedtuple
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.kit.mysql.catalogue import Result, Row, taken
from grader.kit.mysql.connector_errors import InterfaceError, OperationalError
from grader.kit.mysql.describe import described
from grader.kit.mysql.errors import ServerError
from grader.kit.mysql.records import Run

if TYPE_CHECKING:
    from grader.kit.mysql.connector import MySQLConnection

_NOTHING = "No result set to fetch from"


@lru_cache(maxsize=64)
def row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names, rename=True)


class Reading:
    """What a cursor knows of its result, and how rows are fetched."""

    _buffered = _raw = _dictionary = _named = _prepared = False

    def __init__(self, connection: MySQLConnection | None = None,
                 read_timeout: int | None = None,
                 write_timeout: int | None = None) -> None:
        self.arraysize = 1
        self._connection: Any = None
        self._number = 0
        self._query = -1
        if connection is not None:
            # Weak, as in the real driver: a cursor keeps nothing open.
            self._connection = weakref.proxy(connection)
            self._tally = connection.server.tally
            self._number = connection.server.enter_cursor(self)
        self._lastrowid: int | None = None
        self._executed: str | None = None
        self._forget()

    def _forget(self) -> None:
        self._result = Result()
        self._pending: list[Result | ServerError] = []
        self._rows: Iterator[Row] = iter(())
        self._ahead: Row | None = None
        self._run: Run | None = None
        self._rowcount = -1
        self._executed = None
        self._names: tuple[str, ...] = ()
        self._type: Any = None

    @property
    def description(self) -> list[tuple[Any, ...]] | None:
        if self._result.columns is None:
            return None
        return described(self._result, connector=True)

    @property
    def column_names(self) -> tuple[str, ...]:
        return self._result.columns or ()

    @property
    def with_rows(self) -> bool:
        return self._result.columns is not None

    @property
    def rowcount(self) -> int:
        return self._rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._lastrowid

    def getlastrowid(self) -> int | None:
        return self._lastrowid

    @property
    def statement(self) -> str | None:
        return self._executed

    @property
    def warnings(self) -> list[tuple[str, int, str]] | None:
        wanted = self._connection is not None and \
            self._connection.get_warnings
        return list(self._result.warnings) or None if wanted else None

    fetchwarnings = warnings

    @property
    def warning_count(self) -> int:
        return len(self._result.warnings)

    def __str__(self) -> str:
        text = self._executed or "(Nothing executed yet)"
        short = text[:40] + ".." if len(text) > 40 else text
        return f"{type(self).__name__}: {short}"

    def _next(self) -> Row | None:
        """Return the next row; the one after it is read ahead."""
        if self._buffered:
            return next(self._rows, None)
        connection = self._connection
        if not connection.unread_result:
            return None
        row, self._ahead = self._ahead, None
        try:
            if row is None:
                row = next(self._rows, None)
            if row is not None:
                self._ahead = next(self._rows, None)
                self._rowcount = max(self._rowcount, 0) + 1
        except sqlite3.Error:
            raise OperationalError("Lost connection to MySQL server during "
                                   "query", 2013) from None
        if self._ahead is None:
            connection.unread_result = False
        return row

    def _made(self, row: Row) -> Any:
        if self._dictionary:
            return dict(zip(self._names, row))
        if self._raw:
            return tuple(None if cell is None else
                         bytearray(str(cell).encode()) for cell in row)
        return self._type(*row) if self._named else row

    def _checked(self) -> None:
        if self._executed is None:
            raise InterfaceError(_NOTHING)

    def fetchone(self) -> Any:
        """Return the next row, or None after the last."""
        if self._executed is None:
            raise InterfaceError(_NOTHING)
        row = self._next()
        run = self._run
        if run is None or run is not self._tally.last:
            run = self._run = self._tally.start(
                "fetchone", self._number, self._query, self._buffered)
        run.calls += 1
        if row is None:
            return None
        run.rows += 1
        if self._dictionary:
            return dict(zip(self._names, row))
        return self._made(row)

    def _count(self, method: str, rows: int) -> None:
        self._tally.add(method, self._number, self._query, rows,
                        self._buffered)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return at most so many rows."""
        self._checked()
        rows = [self._made(row)
                for row in taken(self._next, size or self.arraysize)]
        self._count("fetchmany", len(rows))
        return rows

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        self._checked()
        if self._result.columns is None and self._buffered:
            raise InterfaceError(_NOTHING)
        rows = [self._made(row) for row in iter(self._next, None)]
        self._rowcount = max(self._rowcount, 0)
        self._count("fetchall", len(rows))
        return rows

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchone, None)

    def __next__(self) -> Any:
        try:
            row = self.fetchone()
        except InterfaceError:
            raise StopIteration from None
        if row is None:
            raise StopIteration
        return row
