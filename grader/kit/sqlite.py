"""Redirects sqlite3: whatever file a submission opens, it gets another."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from grader.kit.replacing import replaced

SUFFIXES = (".db", ".sqlite", ".sqlite3")

Look = Callable[[Any], bool]
Note = Callable[[str, int], None]

# The real one, also while it is redirected: this module is imported before.
connect: Callable[..., sqlite3.Connection] = sqlite3.connect


@contextmanager
def redirected(to: Callable[..., sqlite3.Connection],
               found: Callable[[Look], Look]) -> Iterator[None]:
    """Have `to` open every connection, aiosqlite's too.

    `found` gets os.path.exists or isfile and returns its replacement:
    learners ask whether a database is there before they open it.
    """
    with replaced((sqlite3, "connect", to), (sqlite3.dbapi2, "connect", to),
                  (os.path, "exists", found(os.path.exists)),
                  (os.path, "isfile", found(os.path.isfile))):
        yield


def counting(note: Note) -> type[sqlite3.Connection]:
    """Return a class of connections whose cursors report every fetch.

    `note` gets the name of the method and the number of rows it returned.
    """
    class Cursor(sqlite3.Cursor):
        def fetchall(self) -> Any:
            rows = super().fetchall()
            note("fetchall", len(rows))
            return rows

        def fetchmany(self, size: int | None = 1) -> Any:
            rows = super().fetchmany(size or self.arraysize)
            note("fetchmany", len(rows))
            return rows

        def fetchone(self) -> Any:
            row = super().fetchone()
            note("fetchone", int(row is not None))
            return row

        def __next__(self) -> Any:
            row = super().__next__()
            note("fetchone", 1)
            return row

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = None) -> Any:
            return super().cursor(factory or Cursor)

    return Connection
