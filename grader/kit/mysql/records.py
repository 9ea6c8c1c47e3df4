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


class Tally:
    """Counts fetches; a million fetchone calls take one entry."""

    def __init__(self) -> None:
        self.rows = 0
        self._runs: list[list[Any]] = []

    def add(self, cursor: int, query: int, method: str, rows: int) -> None:
        self.rows += rows
        last = self._runs[-1] if self._runs else None
        if (last is not None and method == "fetchone"
                and last[0] == method and last[3] == cursor
                and last[4] == query):
            last[1] += rows
            last[2] += 1
        else:
            self._runs.append([method, rows, 1, cursor, query])

    @property
    def fetches(self) -> Sequence[Fetch]:
        return tuple(Fetch(*run) for run in self._runs)

    def clear(self) -> None:
        self.rows = 0
        self._runs.clear()
