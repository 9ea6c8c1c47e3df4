"""The cursors of PyMySQL and MySQLdb."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from grader.kit.mysql import binding
from grader.kit.mysql.catalogue import Result, Row
from grader.kit.mysql.classic_errors import ProgrammingError, raised
from grader.kit.mysql.describe import described
from grader.kit.mysql.errors import ServerError
from grader.kit.mysql.lexer import lex, significant
from grader.kit.mysql.records import Run

if TYPE_CHECKING:
    from grader.kit.mysql.classic import Connection


class Cursor:
    """The default cursor: all rows are stored in the client."""

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
        self._clear()

    def _clear(self) -> None:
        self._rows: Iterator[Row] | None = None
        self._stored: list[Any] | None = None
        self._pending: list[Result] = []
        self._run: Run | None = None

    # Executing.

    def _linked(self) -> Connection:
        if self.connection is None:
            raise ProgrammingError("Cursor closed")
        return self.connection

    def mogrify(self, query: str, args: Any = None) -> str:
        """Return the statement with its parameters written into it."""
        if args is None:
            return query
        sql, values = self._bind(query, args)
        for value in values or ():
            sql = sql.replace("%s", binding.written(value), 1)
        return sql

    def _bind(self, query: str, args: Any) -> binding.Bound:
        try:
            return binding.formatted(query, args)
        except (TypeError, ValueError) as problem:
            if isinstance(problem, TypeError) and "dict" not in str(problem):
                raise ProgrammingError(str(problem)) from None
            raise

    def execute(self, query: str, args: Any = None) -> int:
        """Run a statement; return how many rows it found or touched."""
        connection = self._linked()
        if isinstance(query, bytes | bytearray):
            query = query.decode()
        sql, values = query, None
        if args is not None:
            sql, values = self._bind(query, args)
        session = connection.session
        self._query = connection.record(query, args)
        connection.supersede(self)
        self._clear()
        self._executed = sql
        try:
            results = list(session.execute(sql, values,
                                           connection.multiple))
        except ServerError as failure:
            raise raised(failure) from None
        self._pending = results[1:]
        self._show(results[0])
        return self.rowcount

    def _show(self, result: Result) -> None:
        self.rownumber = 0
        self.description = None
        self.lastrowid = result.identity
        self.rowcount = result.affected
        self.warning_count = len(result.warnings)
        if result.columns is None:
            return
        self.lastrowid = None
        self.description = tuple(described(result))
        self._names = result.columns
        if self._streams:
            self._rows = result.rows
            self.rowcount = 2 ** 64 - 1
            return
        self._stored = [self._made(row) for row in result.rows]
        self.rowcount = len(self._stored)
        self._tally.add("execute", self._number, self._query, self.rowcount)

    def executemany(self, query: str, args: Iterable[Any]) -> int | None:
        """Run a statement for each of the parameters.

        An INSERT becomes one statement with many rows, as in the drivers.
        """
        if not args:
            return None
        rows = list(args)
        word = significant(lex(query))[0].upper
        if word not in ("INSERT", "REPLACE") or "VALUES" not in query.upper():
            self.rowcount = sum(self.execute(query, row) for row in rows)
            return self.rowcount
        connection = self._linked()
        bound = [self._bind(query, row) for row in rows]
        self._query = connection.record(query, rows)
        self._clear()
        self._executed = query
        try:
            result = connection.session.many(
                bound[0][0], [values or () for _, values in bound])
        except ServerError as failure:
            raise raised(failure) from None
        self._show(result)
        return self.rowcount

    def callproc(self, procname: str, args: Any = ()) -> Any:
        raise raised(ServerError(1305, "42000",
                                 f"PROCEDURE {procname} does not exist"))

    def nextset(self) -> bool | None:
        if not self._pending:
            return None
        following = self._pending.pop(0)
        left = self._pending
        self._clear()
        self._pending = left
        self._show(following)
        return True

    # Fetching.

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

    # Closing.

    def close(self) -> None:
        if self.connection is not None:
            self.connection.server.leave_cursor(self)
            self.connection = None
            self._rows = None

    def __enter__(self) -> Cursor:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def setinputsizes(self, *sizes: Any) -> None:
        return None

    def setoutputsizes(self, *sizes: Any) -> None:
        return None


class DictCursor(Cursor):
    """Stores all rows, as dictionaries."""

    _dictionary = True
