"""The default cursor of mysql.connector."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from grader.kit.mysql import binding
from grader.kit.mysql.catalogue import Result
from grader.kit.mysql.connector_errors import (
    InterfaceError, ProgrammingError, raised)
from grader.kit.mysql.connector_reading import Reading, row_type
from grader.kit.mysql.errors import ServerError
from grader.kit.mysql.lexer import lex, significant, statements

if TYPE_CHECKING:
    from grader.kit.mysql.connector import MySQLConnection


def _is_insert(sql: str) -> bool:
    words = significant(lex(sql))
    return bool(words) and words[0].upper in ("INSERT", "REPLACE")


class MySQLCursor(Reading):
    """The default cursor: rows are read from the server one by one.

    Until the last is read the connection can do nothing else.
    """

    def _linked(self) -> MySQLConnection:
        try:
            # A proxy, whose connection may be gone.
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
        # The rest runs at once, as on a server; an error waits its turn.
        try:
            self._pending = list(results)
        except ServerError as failure:
            self._pending = [failure]
        self._show(first)
        self._connection.unseen = bool(self._pending)

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
            self._type = row_type(self._names)
        if self._buffered:
            rows = list(result.rows)
            self._tally.add("execute", self._number, self._query, len(rows))
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
        if not _is_insert(operation):
            self._repeat(operation, rows)
            return
        if not re.search(r"\bVALUES?\b\s*\(", operation, re.IGNORECASE):
            raise InterfaceError("Failed rewriting statement for multi-row "
                                 "INSERT. Check SQL syntax")
        bound = [self._bind(operation, row) for row in rows]
        self._forget()
        self._query = connection.record(operation, rows)
        self._executed = operation
        self._show(connection.many(bound))
        connection.unseen = len(statements(lex(operation))) > 1

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
        self._connection.unseen = bool(self._pending)
        if isinstance(following, ServerError):
            raise raised(following)
        self._show(following)
        return True

    def stored_results(self) -> Iterator[MySQLCursor]:
        return iter(())

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
