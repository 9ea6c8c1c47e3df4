"""What the connections and cursors of all the drivers have in common.

Each driver's own classes extend Link and LinkedCursor with its options, its
errors, and the forms in which it returns rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, Self

from grader.kit.mysql import queries
from grader.kit.mysql.binding import Bound
from grader.kit.mysql.execution import execute
from grader.kit.mysql.lexer import first_word, lex
from grader.kit.mysql.schema import BLOBS, TEXTS, Column, Result, Row, Values
from grader.kit.mysql.server import Fetch, Server
from grader.kit.mysql.server_error import ServerError
from grader.kit.mysql.session import Session

# The server that new connections are opened on; empty without one.
_installed: list[Server] = []


def serve(server: Server | None) -> None:
    """Open new connections on this server from now on; None refuses them."""
    for old in _installed:
        old.retire()
    _installed[:] = [] if server is None else [server]


class Closing:
    """The base of classes that a with statement closes at its end."""

    def close(self) -> Any:
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()


class Link(Closing):
    """A connection: its options, and its session while it is open.

    Without a server, which `serve` sets, it raises RuntimeError.
    """

    def __init__(self) -> None:
        if not _installed:
            raise RuntimeError("the MySQL stand-in is not installed")
        self.server = _installed[0]
        self._session: Session | None = None
        self._options: dict[str, Any] = {}

    def driver_error(self, failure: ServerError) -> Exception:
        """Return the driver's own exception for an error of the server."""
        raise NotImplementedError

    def _not_connected(self) -> Exception:
        """Return what the driver raises once the connection is closed."""
        raise NotImplementedError

    @property
    def session(self) -> Session:
        """Return the session; raises the driver's error without one."""
        if self._session is None or not self._session.alive:
            raise self._not_connected()
        return self._session

    def _begin_session(self) -> Session:
        """Open a session on the schema that the options name; return it."""
        chosen = self._options
        try:
            session = Session(self.server,
                              chosen.get("database") or chosen.get("db"))
        except ServerError as failure:
            raise self.driver_error(failure) from None
        session.number = self.server.enter(session)
        session.autocommit = bool(chosen.get("autocommit"))
        self._session = session
        return session

    def _end_session(self) -> None:
        """End the session; what was not committed is lost."""
        if self._session is not None:
            self._session.close()
            self._session = None
            self.server.closed += 1

    def record(self, sql: str) -> None:
        """Add a statement to the server's record."""
        self.session.server.record(sql)

    def results(self, sql: str, values: Values | None,
                multiple: bool = True) -> Iterator[Result]:
        """Yield the result of each statement in `sql`; see `execute`."""
        return execute(self.session, sql, values, multiple)

    def many(self, bound: Sequence[Bound]) -> Result:
        """Run one INSERT for many rows: the same text, other values each."""
        try:
            return queries.many(self.session, bound[0][0],
                                [values or () for _, values in bound])
        except ServerError as failure:
            raise self.driver_error(failure) from None

    def commit(self) -> None:
        """Make what was written visible to others."""
        self.session.finish("COMMIT")

    def rollback(self) -> None:
        """Undo what was written and not committed."""
        session = self.session
        self.server.rollbacks += 1
        session.finish("ROLLBACK")

    def _set_autocommit(self, on: bool) -> None:
        # As on a server, switching it on commits what is pending.
        self.session.autocommit = bool(on)
        if on:
            self.session.finish("COMMIT")


class LinkedCursor(Closing):
    """A cursor; the server's record gets each of its fetches.

    One that `_stores` has all rows in the client when it executes; another
    reads each from the server when it is asked for. A `_dictionary` cursor
    returns rows as dictionaries.
    """

    _stores = False
    _dictionary = False

    def __init__(self, link: Link | None) -> None:
        self.arraysize = 1
        if link is not None:
            self._server = link.server
        self._executed: str | None = None
        self._clear()

    def _clear(self) -> None:
        """Drop the result of the last statement."""
        self._result = Result()
        self._rows: Iterator[Row] = iter(())
        self._names: tuple[str, ...] = ()
        # How many rows were handed out.
        self._handed_out = 0
        # Results of further statements, and an error where one failed.
        self._pending: list[Result | ServerError] = []
        self._fetch: Fetch | None = None

    def _open_link(self) -> Link:
        """Return the connection; raises the driver's error if it is closed.
        """
        raise NotImplementedError

    def _not_executed(self) -> Exception:
        """Return what the driver raises where nothing was executed."""
        raise NotImplementedError

    # Executing

    def _start(self, results: Iterator[Result]) -> None:
        """Run all statements; make the first result the current one.

        The others wait for `nextset`. The error of a later statement is
        raised there too, as the drivers do.
        """
        try:
            first = next(results)
        except ServerError as failure:
            raise self._open_link().driver_error(failure) from None
        try:
            for result in results:
                self._pending.append(result)
        except ServerError as failure:
            self._pending.append(failure)
        self._show(first)

    def _show(self, result: Result) -> None:
        """Make this the result that rows are fetched from."""
        self._result = result
        if result.columns is None:
            return
        self._names = result.columns
        self._rows = result.rows
        if self._stores:
            rows = list(result.rows)
            self._rows = iter(rows)
            self._server.fetch("execute", len(rows))
            self._keep_rows(rows)

    def _keep_rows(self, rows: list[Row]) -> None:
        """Do what the driver does with all rows of a storing cursor."""

    def _insert_many(self, sql: str, rows: Sequence[Any]) -> None:
        """Run an INSERT with many rows as one statement."""
        link = self._open_link()
        bound = [self._bind(sql, row) for row in rows]
        link.record(sql)
        self._clear()
        self._executed = sql
        self._show(link.many(bound))

    def _bind(self, sql: str, params: Any) -> Bound:
        """Return (statement, values) as the driver would send it."""
        raise NotImplementedError

    def nextset(self) -> bool | None:
        """Go on to the result of the next of several statements."""
        if not self._pending:
            return None
        following, *left = self._pending
        self._clear()
        self._pending = left
        if isinstance(following, ServerError):
            raise self._open_link().driver_error(following)
        self._show(following)
        return True

    # Fetching

    def _next(self) -> Row | None:
        """Return the next row, or None after the last."""
        return next(self._rows, None)

    def _several(self, most: int | None) -> Iterable[Row]:
        """Return the next rows, `most` at most; None is for all."""
        rows = self._rows if self._stores else iter(self._next, None)
        return islice(rows, most)

    def _in_form(self, row: Row) -> Any:
        """Return a row as this kind of cursor returns it."""
        return dict(zip(self._names, row)) if self._dictionary else row

    def fetchone(self) -> Any:
        """Return the next row, or None after the last."""
        if self._executed is None:
            raise self._not_executed()
        row = self._next()
        fetch = self._fetch
        if fetch is None or fetch is not self._server.last_fetch:
            fetch = self._fetch = self._server.fetch("fetchone")
        if row is None:
            return None
        fetch.rows += 1
        self._handed_out += 1
        if self._dictionary:
            # As in _in_form, without a call: millions of rows pass here.
            return dict(zip(self._names, row))
        return self._in_form(row)

    def fetchmany(self, size: int | None = None) -> Any:
        """Return the next rows, `size` or `arraysize` at most."""
        return self._take("fetchmany", size or self.arraysize)

    def fetchall(self) -> Any:
        """Return all rows that are left."""
        return self._take("fetchall", None)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchone, None)

    def __next__(self) -> Any:
        row = self.fetchone()
        if row is None:
            raise StopIteration
        return row

    def _take(self, method: str, most: int | None) -> Any:
        """Return the rows left, `most` at most; record the call."""
        if self._executed is None:
            raise self._not_executed()
        rows = self._several(most)
        names = self._names
        taken = ([dict(zip(names, row)) for row in rows] if self._dictionary
                 else [self._in_form(row) for row in rows])
        self._handed_out += len(taken)
        self._server.fetch(method, len(taken))
        return self._in_container(taken)

    def _in_container(self, rows: list[Any]) -> Any:
        """Return rows in a list or tuple, whichever the driver returns."""
        return rows


def is_insert(sql: str) -> bool:
    """Return whether a statement is an INSERT or REPLACE."""
    first = first_word(lex(sql))
    return first is not None and first.upper in ("INSERT", "REPLACE")


# The type codes of MySQL's protocol.
_CODES = {"decimal": 246, "tinyint": 1, "bool": 1, "smallint": 2,
          "mediumint": 9, "int": 3, "bigint": 8, "year": 13, "float": 4,
          "double": 5, "date": 10, "datetime": 12, "timestamp": 7,
          "time": 11, "char": 254, "enum": 254, "set": 254, "binary": 254,
          "uuid": 254, "varchar": 253, "varbinary": 253}
_BLOB, _BIGINT, _VAR_STRING = 252, 8, 253


def described(result: Result) -> list[tuple[Any, ...]]:
    """Return the `description` of a cursor: seven values a column.

    Of these (see PEP 249) only name, type code and nullable are known.
    """
    found: list[tuple[Any, ...]] = []
    for name in result.columns or ():
        column = next((c for t in result.tables
                       if (c := t.column(name)) is not None), None)
        found.append((name, _code(column, name), None, None, None, None,
                      column is None or column.nullable))
    return found


def _code(column: Column | None, name: str) -> int:
    """Return the type code; a guess by its name for a computed column."""
    if column is None:
        return _BIGINT if name.upper().startswith("COUNT") else _VAR_STRING
    if column.base in BLOBS or column.base in TEXTS:
        return _BLOB
    return _CODES[column.base]
