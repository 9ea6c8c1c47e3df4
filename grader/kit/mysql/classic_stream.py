"""The cursors of PyMySQL and MySQLdb that read row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from grader.kit.mysql.catalogue import taken
from grader.kit.mysql.classic_cursor import Cursor
from grader.kit.mysql.classic_errors import raised
from grader.kit.mysql.errors import ServerError


class SSCursor(Cursor):
    """Reads the rows from the server one by one."""

    _streams = True

    def end(self) -> None:
        """Lose what was not read: another statement takes its place."""
        self._rows = None

    def _next(self) -> Any:
        if self._rows is None:
            return None
        try:
            row = next(self._rows, None)
        except Exception:
            raise raised(ServerError(2013, "HY000", "Lost connection to "
                                     "MySQL server during query")) from None
        if row is None:
            return None
        self.rownumber += 1
        return self._made(row)

    def fetchone(self) -> Any:
        """Return the next row, or None after the last."""
        self._checked()
        row = self._next()
        run = self._run
        if run is None or run is not self._tally.last:
            run = self._run = self._tally.start("fetchone", self._number,
                                                self._query)
        run.calls += 1
        run.rows += row is not None
        return row

    def fetchmany(self, size: int | None = None) -> Any:
        """Return at most so many rows; an empty tuple after the last."""
        self._checked()
        rows = taken(self._next, size or self.arraysize)
        self._tally.add("fetchmany", self._number, self._query, len(rows))
        return rows or ()

    def fetchall(self) -> Any:
        """Return all rows that are left."""
        self._checked()
        rows = list(iter(self._next, None))
        self._tally.add("fetchall", self._number, self._query, len(rows))
        return rows

    def fetchall_unbuffered(self) -> Iterator[Any]:
        return iter(self.fetchone, None)


class SSDictCursor(SSCursor):
    """Reads rows one by one, as dictionaries."""

    _dictionary = True
