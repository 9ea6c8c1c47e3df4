"""sqlite3 in the place of MySQL: accepted, led to files of our own."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

User = tuple[str, str, str, int]
Note = Callable[[str, int], None]

TABLE = ("CREATE TABLE user_data (user_id TEXT NOT NULL PRIMARY KEY,"
         " name TEXT NOT NULL, email TEXT NOT NULL, age DECIMAL NOT NULL)")

_connect = sqlite3.connect


class Lite:
    """The database files that a submission opens with sqlite3.

    Whatever file it names is one of that name in `folder`, filled with the
    users that `hold` was given. `note` hears of every fetch: the cursor's
    method and how many rows it gave.
    """

    def __init__(self, folder: Path, theirs: Path, note: Note) -> None:
        self.folder = folder
        self.used = False
        self._theirs = theirs
        self._note = note
        self._users: Sequence[User] | None = None

    def hold(self, users: Sequence[User] | None) -> None:
        """Start anew, with these users or without a table."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self._users = users

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read what is committed in the file used last."""
        files = sorted(self.folder.iterdir(), key=os.path.getmtime)
        with closing(_connect(files[-1])) as conn:
            return conn.execute(query).fetchall()

    def open(self, database: Any = "", *args: Any,
             **options: Any) -> sqlite3.Connection:
        """Stand in for sqlite3.connect."""
        if (str(database) == ":memory:"
                or Path(database).is_relative_to(self._theirs)):
            # The stand-in for MySQL lives on SQLite itself.
            made: sqlite3.Connection = _connect(database, *args, **options)
            return made
        self.used = True
        options.pop("uri", None)
        self.folder.mkdir(exist_ok=True)
        path = self.folder / Path(str(database).split("?")[0]).name
        if self._users is not None and not path.exists():
            self._fill(path, self._users)
        note = self._note

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

        options["factory"] = Connection
        conn: sqlite3.Connection = _connect(path, *args[:4], **options)
        return conn

    def _fill(self, path: Path, users: Sequence[User]) -> None:
        with closing(_connect(path)) as conn, conn:
            conn.execute(TABLE)
            conn.executemany("INSERT INTO user_data VALUES (?, ?, ?, ?)",
                             users)

    @contextmanager
    def served(self) -> Iterator[None]:
        """Lead every sqlite3 connection here."""
        with mock.patch("sqlite3.connect", self.open), \
                mock.patch("sqlite3.dbapi2.connect", self.open), \
                mock.patch("os.path.exists", self._found(os.path.exists)), \
                mock.patch("os.path.isfile", self._found(os.path.isfile)):
            yield

    def _found(self, look: Callable[[Any], bool]) -> Callable[[Any], bool]:
        """Have files found that would be made once they are opened."""
        def found(path: Any) -> bool:
            return look(path) or (self._users is not None and str(
                path).endswith((".db", ".sqlite", ".sqlite3")))
        return found
