"""The cursors of mysql.connector."""

from __future__ import annotations

import re
import weakref
from collections import namedtuple
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.kit.mysql import binding
from grader.kit.mysql.catalogue import Result, Row
from grader.kit.mysql.connector_errors import (Error, InterfaceError,
                                               OperationalError,
                                               ProgrammingError, raised)
from grader.kit.mysql.describe import described
from grader.kit.mysql.errors import ServerError
from grader.kit.mysql.lexer import lex, significant

if TYPE_CHECKING:
    from grader.kit.mysql.connector import MySQLConnection

_NOTHING = "No result set to fetch from"


@lru_cache(maxsize=64)
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names, rename=True)


class MySQLCursor:
    """The default cursor: rows are read from the server one by one.

    Until the last is read the connection can do nothing else.
    """

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
        self._rowcount = -1
        self._executed = None
        self._names: tuple[str, ...] = ()
        self._type: Any = None

    # What was executed.

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

    # Executing.

    def _linked(self) -> MySQLConnection:
        try:
            if not self._connection:
                raise ProgrammingError
        except (ProgrammingError, ReferenceError):
            raise ProgrammingError("Cursor is not connected") from None
        connection: MySQLConnection = self._connection
        return connection

    def execute(self, operation: str, params: Any = (),
                map_results: bool = False, multi: bool = False) -> Any:
        """Run a statement; its rows are there to be fetched."""
        if not operation:
            return None
        connection = self._linked()
        connection.handle_unread_result()
        self._forget()
        if isinstance(operation, bytes | bytearray):
            operation = operation.decode()
        bound = self._bind(operation, params)
        self._query = connection.record(operation, params or None)
        self._executed = operation.strip()
        self._start(connection.results(*bound))
        return self._each() if multi else None

    def _each(self) -> Iterator[MySQLCursor]:
        yield self
        while self.nextset():
            yield self

    def _bind(self, sql: str, params: Any) -> binding.Bound:
        if not params:
            return sql, None
        word = "format"
        try:
            if self._prepared and not isinstance(params, dict):
                return binding.question_marks(sql, params, ProgrammingError)
            if isinstance(params, dict):
                word = "pyformat"
                return binding.mapping(sql, params)
            if isinstance(params, list | tuple):
                return binding.sequence(sql, params, ProgrammingError)
        except TypeError as problem:
            raise ProgrammingError(f"Failed processing {word}-parameters; "
                                   f"{problem}") from None
        raise ProgrammingError(
            f"Could not process parameters: {type(params).__name__}"
            f"({params}), it must be of type list, tuple or dict")

    def _start(self, results: Iterator[Result]) -> None:
        try:
            first = next(results)
        except ServerError as failure:
            raise raised(failure) from None
        try:
            self._pending = list(results)
        except ServerError as failure:
            self._pending = [failure]
        self._show(first)

    def _show(self, result: Result) -> None:
        self._result = result
        self._rowcount = -1
        self._ahead = None
        if result.columns is None:
            self._rowcount = result.affected
            self._lastrowid = result.identity
            self._connection.warn(result)
            return
        self._names = result.columns
        self._rows = result.rows
        if self._named:
            self._type = _row_type(self._names)
        if self._buffered:
            rows = list(result.rows)
            self._tally.add(self._number, self._query, "execute", len(rows))
            self._rows = iter(rows)
            self._rowcount = len(rows)
        else:
            self._connection.unread_result = True

    def executemany(self, operation: str, seq_params: Iterable[Any]) -> None:
        """Run a statement for each of the parameters.

        An INSERT becomes one statement with many rows, as in the driver.
        """
        if not operation or not seq_params:
            return
        connection = self._linked()
        connection.handle_unread_result()
        try:
            rows = list(seq_params)
        except TypeError:
            raise ProgrammingError(
                "Parameters for query must be an Iterable") from None
        if significant(lex(operation))[0].upper not in ("INSERT", "REPLACE"):
            self._repeat(operation, rows)
            return
        if not re.search(r"\bVALUES?\b\s*\(", operation, re.IGNORECASE):
            raise InterfaceError("Failed rewriting statement for multi-row "
                                 "INSERT. Check SQL syntax")
        bound = [self._bind(operation, row) for row in rows]
        self._forget()
        self._query = connection.record(operation, rows)
        self._executed = operation
        try:
            result = connection.session.many(
                bound[0][0], [values or () for _, values in bound])
        except ServerError as failure:
            raise raised(failure) from None
        self._show(result)

    def _repeat(self, operation: str, rows: list[Any]) -> None:
        total = 0
        for row in rows:
            self.execute(operation, row)
            if self.with_rows:
                self.fetchall()
            total += max(self._rowcount, 0)
        self._rowcount = total

    def callproc(self, procname: str, args: Any = ()) -> Any:
        raise ProgrammingError(f"PROCEDURE {procname} does not exist", 1305,
                               None, "42000")

    def nextset(self) -> bool | None:
        """Go on to the result of the next of several statements."""
        if not self._pending:
            self._forget()
            return None
        self._connection.unread_result = False
        following = self._pending.pop(0)
        if isinstance(following, ServerError):
            raise raised(following)
        self._show(following)
        return True

    def stored_results(self) -> Iterator[MySQLCursor]:
        return iter(())

    # Fetching.

    def _next(self) -> Row | None:
        """Return the next row; the one after it is read ahead."""
        if self._buffered:
            return next(self._rows, None)
        connection = self._connection
        if not connection.unread_result:
            return None
        row, self._ahead = self._ahead, None
        if row is None:
            row = self._read()
        if row is not None:
            self._ahead = self._read()
            self._rowcount = max(self._rowcount, 0) + 1
        if self._ahead is None:
            connection.unread_result = False
        return row

    def _read(self) -> Row | None:
        try:
            return next(self._rows, None)
        except Exception:
            raise OperationalError("Lost connection to MySQL server during "
                                   "query", 2013) from None

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
        if row is None:
            if not self._buffered:
                self._tally.add(self._number, self._query, "fetchone", 0)
            return None
        self._count("fetchone", 1)
        return self._made(row)

    def _count(self, method: str, rows: int) -> None:
        # The rows of a buffered cursor were counted when it executed.
        self._tally.add(self._number, self._query, method,
                        0 if self._buffered else rows)

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Return at most so many rows."""
        self._checked()
        rows: list[Any] = []
        while len(rows) < (size or self.arraysize):
            row = self._next()
            if row is None:
                break
            rows.append(self._made(row))
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

    # Closing.

    def reset(self, free: bool = True) -> None:
        self._rows = iter(())

    def close(self) -> bool:
        """Close the cursor; an error if rows are left unread."""
        if self._connection is None:
            return False
        self._connection.handle_unread_result()
        self._connection.server.leave_cursor(self)
        self._forget()
        self._connection = None
        return True

    def __enter__(self) -> MySQLCursor:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()


class MySQLCursorBuffered(MySQLCursor):
    """Stores all rows in the client when it executes."""

    _buffered = True


class MySQLCursorRaw(MySQLCursor):
    """Gives bytes instead of Python's types."""

    _raw = True


class MySQLCursorBufferedRaw(MySQLCursorBuffered):
    """Buffered, and gives bytes."""

    _raw = True


class MySQLCursorDict(MySQLCursor):
    """Gives dictionaries."""

    _dictionary = True


class MySQLCursorBufferedDict(MySQLCursorDict, MySQLCursorBuffered):
    """Buffered, and gives dictionaries."""


class MySQLCursorNamedTuple(MySQLCursor):
    """Gives named tuples."""

    _named = True


class MySQLCursorBufferedNamedTuple(MySQLCursorNamedTuple,
                                    MySQLCursorBuffered):
    """Buffered, and gives named tuples."""


class MySQLCursorPrepared(MySQLCursor):
    """Marks values with ? or %s."""

    _prepared = True


class MySQLCursorPreparedDict(MySQLCursorPrepared, MySQLCursorDict):
    """Prepared, and gives dictionaries."""


KINDS: dict[frozenset[str], type[MySQLCursor]] = {
    frozenset(words.split()): kind for words, kind in (
        ("", MySQLCursor), ("buffered", MySQLCursorBuffered),
        ("raw", MySQLCursorRaw), ("buffered raw", MySQLCursorBufferedRaw),
        ("dictionary", MySQLCursorDict),
        ("buffered dictionary", MySQLCursorBufferedDict),
        ("named_tuple", MySQLCursorNamedTuple),
        ("buffered named_tuple", MySQLCursorBufferedNamedTuple),
        ("prepared", MySQLCursorPrepared),
        ("prepared dictionary", MySQLCursorPreparedDict))}

__all__ = ["Error", "KINDS", "MySQLCursor"]
