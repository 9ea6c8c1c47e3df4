"""The stand-in server: a folder of SQLite files, one for each schema."""

from __future__ import annotations

import re
import shutil
import sqlite3
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from grader.kit.mysql.errors import error
from grader.kit.mysql.functions import prepare
from grader.kit.mysql.records import Fetch, Query, Tally
from grader.kit.mysql.schema import Table

if TYPE_CHECKING:
    from grader.kit.mysql.session import Session

_SUFFIX = ".sqlite"
SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")


class Snapshot(NamedTuple):
    """The databases as they once were: a folder of copies."""

    directory: Path


class Server:
    """The databases, and a record of all that was asked of them.

    Attributes that count: `queries`, `rows_fetched` (rows handed to the
    client), `fetches`, `commits`, `rollbacks` (asked for by the learner's
    code), `opened` and `closed` connections (closed by a call of close),
    and, of what is alive, `open_connections` and `open_cursors`.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.queries: list[Query] = []
        self.tally = Tally()
        self.commits = self.rollbacks = 0
        self.opened = self.closed = self.cursors = 0
        self.tables: dict[tuple[str, str], Table | None] = {}
        self._sessions: weakref.WeakSet[Session] = weakref.WeakSet()
        self._cursors: weakref.WeakSet[object] = weakref.WeakSet()
        self._snapshots = 0
        directory.mkdir(parents=True, exist_ok=True)

    @property
    def rows_fetched(self) -> int:
        return self.tally.rows

    @property
    def fetches(self) -> Sequence[Fetch]:
        return self.tally.fetches

    @property
    def open_connections(self) -> int:
        return len(self._sessions)

    @property
    def open_cursors(self) -> int:
        return len(self._cursors)

    def enter(self, session: Session) -> int:
        """Note a new connection and return its number."""
        self._sessions.add(session)
        self.opened += 1
        return self.opened

    def leave(self, session: Session) -> None:
        self._sessions.discard(session)

    def enter_cursor(self, cursor: object) -> int:
        """Note a new cursor and return its number."""
        self._cursors.add(cursor)
        self.cursors += 1
        return self.cursors

    def leave_cursor(self, cursor: object) -> None:
        self._cursors.discard(cursor)

    def path(self, database: str) -> Path:
        safe = re.sub(r"\W", lambda m: f"%{ord(m[0]):x}%", database)
        return self.directory / (safe + _SUFFIX)

    def databases(self) -> list[str]:
        """Return the learner's schemas, in order."""
        return sorted(
            re.sub("%([0-9a-f]+)%", lambda m: chr(int(m[1], 16)), path.stem)
            for path in self.directory.glob("*" + _SUFFIX))

    def exists(self, database: str) -> bool:
        return self.path(database).exists()

    def create(self, database: str) -> None:
        handle = self.open(database)
        # One writes while others read, as InnoDB has it.
        handle.execute("PRAGMA journal_mode = WAL")
        handle.execute("CREATE TABLE __tables "
                       "(name TEXT PRIMARY KEY, model TEXT)")
        handle.close()

    def drop(self, database: str) -> None:
        for session in list(self._sessions):
            session.forget(database)
        for path in self.directory.glob(self.path(database).name + "*"):
            path.unlink()
        self.tables.clear()

    def open(self, database: str) -> sqlite3.Connection:
        """Open a schema's file; a lock held by another is an error."""
        try:
            handle = sqlite3.connect(
                self.path(database), timeout=0, isolation_level=None,
                detect_types=sqlite3.PARSE_DECLTYPES,
                check_same_thread=False)
            # Nothing has to outlive a crash of the machine.
            handle.execute("PRAGMA synchronous = OFF")
        except sqlite3.Error:
            raise error(1049, database) from None
        prepare(handle)
        return handle

    def clear_records(self) -> None:
        """Forget what was asked so far; the databases stay."""
        self.queries.clear()
        self.tally.clear()
        self.commits = self.rollbacks = 0
        self.opened = len(self._sessions)
        self.closed = 0

    def reset(self) -> None:
        """Cut every connection, drop every schema, forget every record."""
        self._cut()
        try:
            for path in self.directory.glob("*" + _SUFFIX + "*"):
                path.unlink()
        except PermissionError:
            # A cursor that somebody holds keeps a file open, and Windows
            # removes none that is: start anew below it.
            self.directory /= "anew"
            self.directory.mkdir()
        self.clear_records()

    def snapshot(self) -> Snapshot:
        """Copy what is committed; open transactions are not in it."""
        self._snapshots += 1
        target = self.directory / f"snapshot-{self._snapshots}"
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir()
        for database in self.databases():
            self._flush(database)
            shutil.copyfile(self.path(database),
                            target / self.path(database).name)
        return Snapshot(target)

    def _flush(self, database: str) -> None:
        handle = self.open(database)
        handle.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        handle.close()

    def is_as(self, snapshot: Snapshot) -> bool:
        """Tell whether not a byte was written since a snapshot."""
        databases = {path.name: path for path in
                     self.directory.glob("*" + _SUFFIX)}
        return (databases.keys() == {path.name for path in
                                     snapshot.directory.iterdir()}
                and all(path.read_bytes()
                        == (snapshot.directory / name).read_bytes()
                        and not _has_log(path)
                        for name, path in databases.items()))

    def restore(self, snapshot: Snapshot) -> None:
        """Start again from a snapshot; it can be used again."""
        self.reset()
        for path in snapshot.directory.iterdir():
            shutil.copyfile(path, self.directory / path.name)

    def _cut(self) -> None:
        for session in list(self._sessions):
            session.close()
        self._cursors.clear()
        self.tables.clear()


def _has_log(path: Path) -> bool:
    """Tell whether changes wait beside a file, not in it yet."""
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0
