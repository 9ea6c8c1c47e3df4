"""How the cursors of PyMySQL and MySQLdb hand out rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from grader.kit.mysql.catalogue import Result, Row
from grader.kit.mysql.classic_errors import ProgrammingError
from grader.kit.mysql.records import Run

if TYPE_CHECKING:
    from grader.kit.mysql.classic import Connection


class Reading:
    """What a cursor knows of its result, and how rows are fetched."""

    _streams = False
    _dictionary = False

    def __init__(self, connection: Connection) -> None:
        self.connection: Connection | None = connection
        self._tally = connection.server.tally
        self._number = connection.server.enter_cursor(self)
        self.arraysize = 1
        self.rowcount = -1
        self.rownumber = 0
        self.lastrowid: int | None = None
        self.description: tuple[tuple[Any, ...], ...] | None = None
        self.warning_count = 0
        self._executed: str | None = None
        self._query = -1
        self._names: tuple[str, ...] = ()
        self._clear()

    def _clear(self) -> None:
        self._rows: Iterator[Row] | None = None
        self._stored: list[Any] | None = None
        self._pending: list[Result] = []
        self._run: Run | None = None

    def _made(self, row: Row) -> Any:
        return dict(zip(self._names, row)) if self._dictionary else row

    def _checked(self) -> None:
        if not self._executed:
            raise ProgrammingError("execute() first")

    def fetchone(self) -> Any:
        """Return the next row, or None after the last."""
        self._checked()
        stored = self._stored
        if stored is None or self.rownumber >= len(stored):
            return None
        self.rownumber += 1
        run = self._run
        if run is None or run is not self._tally.last:
            run = self._run = self._tally.start(
                "fetchone", self._number, self._query, stored=True)
        run.calls += 1
        run.rows += 1
        return stored[self.rownumber - 1]

    def fetchmany(self, size: int | None = None) -> Any:
        """Return at most so many rows."""
        self._checked()
        if self._stored is None:
            return ()
        end = self.rownumber + (size or self.arraysize)
        rows = self._stored[self.rownumber:end]
        self.rownumber += len(rows)
        self._tally.add("fetchmany", self._number, self._query, len(rows),
                        stored=True)
        return rows if self._dictionary else tuple(rows)

    def fetchall(self) -> Any:
        """Return all rows that are left."""
        self._checked()
        if self._stored is None:
            return ()
        rows = self._stored[self.rownumber:]
        self.rownumber = len(self._stored)
        self._tally.add("fetchall", self._number, self._query, len(rows),
                        stored=True)
        return rows if self._dictionary else tuple(rows)

    def scroll(self, value: int, mode: str = "relative") -> None:
        self._checked()
        place = value + (self.rownumber if mode == "relative" else 0)
        if not 0 <= place < len(self._stored or ()):
            raise IndexError("out of range")
        self.rownumber = place

    def __iter__(self) -> Iterator[Any]:
        return self

    def __next__(self) -> Any:
        row = self.fetchone()
        if row is None:
            raise StopIteration
        return row
