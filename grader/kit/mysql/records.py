"""What the server writes down for the suites that prove laziness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple


class Query(NamedTuple):
    """A statement as the learner's code sent it.

    `kind` is its first word in lower case; `params` are what execute or,
    in a list, executemany was given.
    """

    sql: str
    params: Any
    database: str | None
    kind: str
    connection: int


class Fetch(NamedTuple):
    """Equal calls in a row by one cursor: `rows` is their sum.

    `method` is fetchone (iterating counts as such), fetchmany, fetchall or,
    for a cursor that stores the whole result in the client, execute.
    `query` is the place in `Server.queries` of what was fetched from.
    """

    method: str
    rows: int
    calls: int
    cursor: int
    query: int


class Run:
    """Equal calls in a row, still being counted."""

    __slots__ = ("method", "rows", "calls", "cursor", "query")

    def __init__(self, method: str, cursor: int, query: int) -> None:
        self.method = method
        self.rows = 0
        self.calls = 0
        self.cursor = cursor
        self.query = query


class Tally:
    """Counts fetches; a million fetchone calls take one entry.

    A cursor that fetches row by row keeps its run and adds to it for as
    long as that is the `last` one.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._before = 0
        self._runs: list[Run] = []
        self.last: Run | None = None

    def start(self, method: str, cursor: int, query: int) -> Run:
        """Begin a run of calls."""
        if self.last is not None:
            self._before += self.last.rows
        self.last = Run(method, cursor, query)
        self._runs.append(self.last)
        return self.last

    def add(self, method: str, cursor: int, query: int, rows: int) -> None:
        """Count one call that handed out so many rows."""
        run = self.start(method, cursor, query)
        run.calls, run.rows = 1, rows

    @property
    def rows(self) -> int:
        return self._before + (self.last.rows if self.last else 0)

    @property
    def fetches(self) -> Sequence[Fetch]:
        return tuple(Fetch(run.method, run.rows, run.calls, run.cursor,
                           run.query) for run in self._runs)
