"""The stand-in server: a folder of SQLite files, one for each schema."""

from __future__ import annotations

import os
import re
import sqlite3
import weakref
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from grader.kit import stamp
from grader.kit.mysql.functions import prepare
from grader.kit.mysql.lexer import first_word, lex
from grader.kit.mysql.schema import Table
from grader.kit.mysql.server_error import error
from grader.kit.sqlite import connect

_SUFFIX = ".sqlite"
_LOG = _SUFFIX + "-wal"
# The stamp of files that are as a snapshot has them.
_OF_COPIES = 0.0
SYSTEM = ("information_schema", "mysql", "performance_schema", "sys")


class Snapshot(NamedTuple):
    """The databases as they once were: the content of each file, by name."""

    files: Mapping[str, bytes]


class Query(NamedTuple):
    """A statement as the learner's code sent it.

    `kind` is its first word in lower case.
    """

    sql: str
    kind: str


@dataclass(slots=True)
class Fetch:
    """Calls of one method in a row by one cursor, and the rows they gave.

    `method` is fetchone (iterating counts as such), fetchmany, fetchall or,
    for a cursor that stores the whole result in the client, execute, which
    counts the rows that its other calls return later.
    """

    method: str
    rows: int = 0


class OpenSession(Protocol):
    """What the server asks of the session of a connection."""

    def close(self) -> None:
        """End the session; what was not committed is lost."""

    def forget(self, database: str) -> None:
        """Close the files of a schema that is being dropped."""


class Server:
    """The databases, and a record of all that was asked of them.

    The record: `queries`, `fetches`, `rollbacks` (by the learner's code),
    `opened` and `closed` connections (closed by a call of close).

    `default` is the schema of connections that ask for none. `provide` is
    called with each name that a connection asks for, and may create it.
    """

    def __init__(self, directory: Path, default: str | None = None,
                 provide: Callable[[str], None] | None = None) -> None:
        self.directory = directory
        self.default = default
        self.provide = provide
        self.queries: list[Query] = []
        self.fetches: list[Fetch] = []
        # Cursors add to a fetch for as long as it is the last.
        self.last_fetch: Fetch | None = None
        self.rollbacks = self.opened = self.closed = 0
        # Definitions that were read, by schema and name; None is unknown.
        self.tables: dict[tuple[str, str], Table | None] = {}
        # Weak: a connection that goes out of scope is closed by that.
        self._sessions: weakref.WeakSet[OpenSession] = weakref.WeakSet()
        self._connections = 0
        # The file of a schema without tables, once there was one.
        self._new: bytes | None = None
        # The snapshot that the files were last a copy of: see `is_as`.
        self._copied: Snapshot | None = None
        # SQLite connections that no session uses, by schema.
        self._idle: dict[str, list[sqlite3.Connection]] = {}
        # The process in which they are kept; None is for none.
        self._process: int | None = os.getpid()
        directory.mkdir(parents=True, exist_ok=True)

    # The record

    def record(self, sql: str) -> None:
        """Add a statement to the record."""
        first = first_word(lex(sql))
        self.queries.append(Query(sql, first.text.lower() if first else ""))

    def fetch(self, method: str, rows: int = 0) -> Fetch:
        """Add a call that gave some rows to the record; return the entry.

        A million calls of fetchone in a row take one entry, which the
        cursor adds its rows to.
        """
        self.last_fetch = Fetch(method, rows)
        self.fetches.append(self.last_fetch)
        return self.last_fetch

    def clear_records(self) -> None:
        """Clear the record; the databases stay."""
        self.queries.clear()
        self.fetches.clear()
        self.last_fetch = None
        self.rollbacks = self.opened = self.closed = 0

    # Connections

    @property
    def open_connections(self) -> int:
        return len(self._sessions)

    def enter(self, session: OpenSession) -> int:
        """Record a new connection and return its number."""
        self._sessions.add(session)
        self.opened += 1
        self._connections += 1
        return self._connections

    def leave(self, session: OpenSession) -> None:
        """Remove a session that has ended."""
        self._sessions.discard(session)

    # Schemas

    def path(self, database: str) -> Path:
        """Return the path of a schema's file, whatever its name holds."""
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
        """Create a schema without tables."""
        if self._new is not None:
            # To run the statements below takes five times as long.
            self.path(database).write_bytes(self._new)
            return
        with self.lent(database) as handle:
            # One writes while others read, as InnoDB has it.
            handle.execute("PRAGMA journal_mode = WAL")
            handle.execute("CREATE TABLE __tables "
                           "(name TEXT PRIMARY KEY, model TEXT)")
            _empty_log(handle)
        self._new = self.path(database).read_bytes()

    def drop(self, database: str) -> None:
        """Remove a schema and all that is in it."""
        for session in list(self._sessions):
            session.forget(database)
        self._close_idle()
        for path in self.directory.glob(self.path(database).name + "*"):
            path.unlink()
        self.tables.clear()

    # SQLite connections

    def lend(self, database: str) -> sqlite3.Connection:
        """Return a SQLite connection to a schema; see `take_back`.

        Raises error 1049 where the file cannot be opened.
        """
        idle = self._idle.get(database)
        if not idle or os.getpid() != self._process:
            return self._open(database)
        return idle.pop()

    def take_back(self, database: str, handle: sqlite3.Connection) -> None:
        """Keep a connection of `lend` for the next use of its schema.

        What was not committed is lost. To open a file, and to close it,
        takes longer than most of the queries do.
        """
        # SQLite forbids to use a connection in a process forked later on.
        if os.getpid() != self._process:
            handle.close()
            return
        if handle.in_transaction:
            handle.execute("ROLLBACK")
        self._idle.setdefault(database, []).append(handle)

    def retire(self) -> None:
        """Close the connections that are kept; keep none from now on."""
        self._close_idle()
        self._process = None

    @contextmanager
    def lent(self, database: str) -> Iterator[sqlite3.Connection]:
        """Lend a connection for the block."""
        handle = self.lend(database)
        try:
            yield handle
        finally:
            self.take_back(database, handle)

    def _close_idle(self) -> None:
        for handles in self._idle.values():
            for handle in handles:
                handle.close()
        self._idle.clear()

    def _open(self, database: str) -> sqlite3.Connection:
        """Open a schema's file.

        A lock that another connection holds is an error at once: the
        learner's code has one thread, so a wait would never end.
        """
        try:
            handle = connect(
                self.path(database), timeout=0, isolation_level=None,
                detect_types=sqlite3.PARSE_DECLTYPES,
                check_same_thread=False)
            # Nothing has to outlive a crash of the machine.
            handle.execute("PRAGMA synchronous = OFF")
        except sqlite3.Error:
            raise error(1049, database) from None
        prepare(handle)
        return handle

    def reset(self) -> None:
        """End every session, remove every schema, clear the record."""
        self._end_sessions()
        self._close_idle()
        self.tables.clear()
        self._copied = None
        try:
            for path in self.directory.glob("*" + _SUFFIX + "*"):
                path.unlink()
        except PermissionError:
            # Windows removes no file that a cursor still holds open: the
            # databases move to a new folder below the old one.
            self.directory /= "new"
            self.directory.mkdir()
        self.clear_records()

    def _end_sessions(self) -> None:
        for session in list(self._sessions):
            session.close()

    # Snapshots

    def snapshot(self) -> Snapshot:
        """Copy what is committed; open transactions are not in it."""
        for database in self.databases():
            with self.lent(database) as handle:
                _empty_log(handle)
        made = Snapshot({path.name: path.read_bytes()
                         for path in self.directory.glob("*" + _SUFFIX)})
        self._mark_copies(made)
        return made

    def _mark_copies(self, snapshot: Snapshot) -> None:
        for name in snapshot.files:
            stamp.put(self.directory / name, _OF_COPIES)
        self._copied = snapshot

    def is_as(self, snapshot: Snapshot) -> bool:
        """Return whether nothing was written since a snapshot."""
        if snapshot is not self._copied:
            return False
        names = os.listdir(self.directory)
        return ({name for name in names if name.endswith(_SUFFIX)}
                == snapshot.files.keys()
                and not any(_was_written(os.path.join(self.directory, name))
                            for name in names))

    def restore(self, snapshot: Snapshot) -> None:
        """Start again from a snapshot, which can be used again."""
        self._end_sessions()
        if self.is_as(snapshot):
            # Nothing is to be done for most checks: they only read.
            self.clear_records()
            return
        self.reset()
        for name, content in snapshot.files.items():
            (self.directory / name).write_bytes(content)
        self._mark_copies(snapshot)


def _empty_log(handle: sqlite3.Connection) -> None:
    """Move all that was committed from the log into the database's file."""
    handle.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _was_written(path: str) -> bool:
    """Return whether a file is written to since it was copied.

    That of a log is, if there is anything in it.
    """
    if path.endswith(_SUFFIX):
        return not stamp.is_untouched(path, _OF_COPIES)
    return path.endswith(_LOG) and os.path.getsize(path) > 0
