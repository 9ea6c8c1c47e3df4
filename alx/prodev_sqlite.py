"""Redirects sqlite3 for answers that use SQLite instead of MySQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from grader.kit.sqlite import (
    SUFFIXES, Look, Note, connect, counting, redirected)

User = tuple[str, str, str, int]
COLUMNS = ("user_id", "name", "email", "age")

TABLE = ("CREATE TABLE user_data (user_id TEXT NOT NULL PRIMARY KEY,"
         " name TEXT NOT NULL, email TEXT NOT NULL, age DECIMAL NOT NULL)")


class Lite:
    """The database files that a submission opens with sqlite3.

    Whatever path it names, it gets a file of that name in `folder`, with
    the users that `hold` was given. `note` gets the method of every fetch
    and the number of its rows. `used` is whether any file was opened.
    """

    def __init__(self, folder: Path, note: Note) -> None:
        self.folder = folder
        self.used = False
        self._note = note
        self._users: Sequence[User] | None = None

    def hold(self, users: Sequence[User] | None) -> None:
        """Remove the files; new ones have these users, or no table."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self._users = users

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read what is committed in the file used last."""
        with closing(connect(self._last())) as conn:
            return conn.execute(query).fetchall()

    def write(self, query: str, values: Sequence[Any]) -> None:
        """Change something in the file used last, and commit it."""
        with closing(connect(self._last())) as conn, conn:
            conn.execute(query, values)

    def _last(self) -> Path:
        return max(self.folder.iterdir(), key=os.path.getmtime)

    def open(self, database: Any = "", *args: Any,
             **options: Any) -> sqlite3.Connection:
        """Stand in for sqlite3.connect."""
        if str(database) == ":memory:":
            return connect(database, *args, **options)
        self.used = True
        options.pop("uri", None)
        self.folder.mkdir(exist_ok=True)
        path = self.folder / Path(str(database).split("?")[0]).name
        if self._users is not None and not path.exists():
            self._fill(path, self._users)
        return connect(path, *args[:4],
                       **options | {"factory": counting(self._note)})

    def _fill(self, path: Path, users: Sequence[User]) -> None:
        with closing(connect(path)) as conn, conn:
            conn.execute(TABLE)
            conn.executemany("INSERT INTO user_data VALUES (?, ?, ?, ?)",
                             users)

    @contextmanager
    def served(self) -> Iterator[None]:
        """Redirect every sqlite3 connection to `open`."""
        with redirected(self.open, self._found):
            yield

    def _found(self, look: Look) -> Look:
        """Return `look`, for which files exist that `open` would create.

        `look` is such as os.path.exists.
        """
        def found(path: Any) -> bool:
            return look(path) or (self._users is not None and str(
                path).endswith(SUFFIXES))
        return found


def plain(row: Any) -> Any:
    """Return a row with the four columns as a tuple in their order.

    A dict, tuple or sqlite3.Row is one; anything else comes back as it is.
    """
    if type(row) is sqlite3.Row:
        row = dict(row)
    if type(row) is dict and all(name in row for name in COLUMNS):
        return tuple(row[name] for name in COLUMNS)
    if isinstance(row, tuple) and len(row) == len(COLUMNS):
        return tuple(row)
    return row
