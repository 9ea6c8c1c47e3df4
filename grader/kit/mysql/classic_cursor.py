"""The cursors of PyMySQL and MySQLdb."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from grader.kit.mysql import binding
from grader.kit.mysql.catalogue import Result
from grader.kit.mysql.classic_errors import ProgrammingError, raised
from grader.kit.mysql.classic_reading import Reading
from grader.kit.mysql.describe import described
from grader.kit.mysql.errors import ServerError
from grader.kit.mysql.lexer import lex, significant

if TYPE_CHECKING:
    from grader.kit.mysql.classic import Connection


class Cursor(Reading):
    """The default cursor: all rows are stored in the client."""

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
        self._show(connection.many(bound))
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
