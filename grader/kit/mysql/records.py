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
    """Equal calls in a row by one cursor: `rows` is what they handed out.

    `method` is fetchone (iterating counts as such), fetchmany, fetchall or,
    for a cursor that stores the whole result in the client, execute, which
    counts the rows that its other calls hand out later.
    `query` is the place in `Server.queries` of what was fetched from.
    """

    method: str
    rows: int
    calls: int
    cursor: int
    query: int


class Run:
    """Equal calls in a row, still being counted.

    The rows of a `stored` one were counted when they came to the client.
    """

    __slots__ = ("method", "rows", "calls", "cursor", "query", "stored")

    def __init__(self, method: str, cursor: int, query: int,
                 stored: bool) -> None:
        self.method = method
        self.rows = 0
        self.calls = 0
        self.cursor = cursor
        self.query = query
        self.stored = stored


class Tally:
    """Counts fetches; a million fetchone calls take one entry.

    A cursor that fetches row by row keeps its run and adds to it for as
    long as that is the `last` one.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._runs: list[Run] = []
        self.last: Run | None = None

    def start(self, method: str, cursor: int, query: int,
              stored: bool = False) -> Run:
        """Begin a run of calls."""
        self.last = Run(method, cursor, query, stored)
        self._runs.append(self.last)
        return self.last

    def add(self, method: str, cursor: int, query: int, rows: int,
            stored: bool = False) -> None:
        """Count one call that handed out so many rows."""
        run = self.start(method, cursor, query, stored)
        run.calls, run.rows = 1, rows

    @property
    def rows(self) -> int:
        """Count the rows that came to the client."""
        return sum(run.rows for run in self._runs if not run.stored)

    @property
    def fetches(self) -> Sequence[Fetch]:
        return tuple(Fetch(run.method, run.rows, run.calls, run.cursor,
                           run.query) for run in self._runs)
