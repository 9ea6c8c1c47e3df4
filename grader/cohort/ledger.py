"""Reads and writes results.jsonl: a line for each submission, crash-safe.

A line is written by one call and flushed to the disk. A line that a crash
cut short is removed when the ledger is opened next. Of several lines about
one submission the last one counts. Damaged lines are moved to another file.
"""

from __future__ import annotations

import errno
import json
import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, Self

from grader import files
from grader.cohort.lock import lock
from grader.errors import GraderError
from grader.report import records
from grader.report.records import Record

RESULTS = "results.jsonl"
# The file for damaged lines, which another program may have written.
SPOILED = "results.jsonl.spoiled"
# The files that are made of it at the end of a run.
REPORTS = ("grades.csv", "report.html")
FEEDBACK = "feedback"
# Who is in the class, and how marks are made; see grader.marks.scheme.
ROSTER, SCHEME = "roster.csv", "class.toml"
# What `grade gradebook` makes of it.
BOOKS = tuple(f"gradebook-{form}.csv" for form in ("canvas", "moodle", "csv"))
OURS = frozenset({RESULTS, SPOILED, ROSTER, SCHEME, FEEDBACK, *BOOKS,
                  *REPORTS})

Note = Callable[[Record], None]
Place = Callable[[str], tuple[int, str]]


class Entry(NamedTuple):
    """The place of a submission's line, and the tasks that are settled.

    `current` are the tasks whose verdict is of the newest `key`, `older`
    the keys of the others.
    """

    offset: int
    key: str
    current: frozenset[str]
    older: Mapping[str, str]
    source: str
    is_troubled: bool

    def has(self, key: str, task: str) -> bool:
        """Return whether a task has a verdict with that key."""
        return (key == self.key and task in self.current
                or self.older.get(task) == key)


def index(path: Path) -> dict[str, Entry]:
    """Return where the last line of each submission is."""
    return {record["submission"]: _entry(record, offset)
            for offset, record in _scan(path)}


def read_at(path: Path, offset: int) -> Record:
    """Return the record that was found to begin there."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            record: Record = json.loads(file.readline())
    except ValueError:
        raise GraderError(f"{path} was changed meanwhile",
                          "run it again when nothing else writes there"
                          ) from None
    return record


class Ledger:
    """The results in a folder; a context manager, one process at a time.

    `note` is given each record that is there or comes, the last one about
    a submission last; `spoiled` is the number of lines that are none.
    """

    def __init__(self, folder: Path, note: Note = lambda record: None
                 ) -> None:
        self.path = folder / RESULTS
        self._note = note
        self._lock = lock(folder)
        self._entries: dict[str, Entry] = {}
        self._lent: dict[str, list[tuple[int, frozenset[str]]]] = {}
        self._sets: dict[frozenset[str], frozenset[str]] = {}
        self.spoiled = 0
        try:
            files.sweep(self.path)
            self._fd = _open(self.path)
            _end_last_line(self._fd, self.path)
            for offset, line in _lines(self.path):
                if record := records.read(line):
                    self._enter(record, offset)
                else:
                    self.spoiled += bool(line.strip())
        except OSError as error:
            os.close(self._lock)
            raise files.unwritable(error, self.path,
                                   "name another --out") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        os.close(self._fd)
        os.close(self._lock)

    def __len__(self) -> int:
        return len(self._entries)

    def _enter(self, record: Record, offset: int) -> None:
        entry = _entry(record, offset)
        # Most have one and the same set of tasks.
        current = self._sets.setdefault(entry.current, entry.current)
        self._entries[record["submission"]] = entry._replace(current=current)
        self._lend(entry.key, offset, current)
        for task, key in entry.older.items():
            self._lend(key, offset, frozenset((task,)))
        self._note(record)

    def _lend(self, key: str, offset: int, tasks: frozenset[str]) -> None:
        """Keep where verdicts with a key are, if there are none as yet."""
        known = self._lent.setdefault(key, [])
        lent: set[str] = set().union(*(each for _, each in known))
        if key and not tasks <= lent:
            known.append((offset, tasks))

    def sources(self) -> dict[str, str]:
        """Return where each submission lay, or "" where that is unknown."""
        return {name: entry.source for name, entry in self._entries.items()}

    def entry(self, name: str) -> Entry | None:
        """Return what is known of a submission."""
        return self._entries.get(name)

    def read(self, name: str) -> Record | None:
        """Return the record of a submission, if there is one."""
        entry = self._entries.get(name)
        return None if entry is None else read_at(self.path, entry.offset)

    def like(self, key: str, tasks: Collection[str]) -> Record | None:
        """Return the verdicts on tasks of any submission of like content.

        Only those of the tasks that were settled, in a record that has them
        alone; None where there are none.
        """
        found: dict[str, Record] = {}
        head: Record | None = None
        for offset, has in self._lent.get(key, ()):
            if has & set(tasks) - found.keys():
                record = read_at(self.path, offset)
                head = head or record
                found |= {name: task for name, task
                          in records.by_task(record).items()
                          if name in has and name in tasks}
        return None if head is None else head | {"tasks": [*found.values()]}

    def append(self, record: Record) -> None:
        """Write one line as a whole, or raise and write nothing."""
        line = _line(record).encode(errors="backslashreplace")
        self.check()
        offset = os.fstat(self._fd).st_size
        try:
            # A disk that is nearly full takes a part, without an error.
            if os.write(self._fd, line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            os.fsync(self._fd)
        except BaseException as error:
            os.ftruncate(self._fd, offset)
            if not isinstance(error, OSError):
                raise
            raise GraderError(
                f"{self.path} cannot be written: {error.strerror}",
                files.remedy(error, "run the same command again") +
                ": what is there will not be graded again") from None
        self._enter(record, offset)

    def check(self) -> None:
        """Raise GraderError if the file was removed or replaced meanwhile."""
        ours = os.fstat(self._fd)
        try:
            # Some file systems have no lasting numbers of files.
            is_there = os.path.samestat(
                os.stat(self.path), ours) or ours.st_nlink > 0
        except FileNotFoundError:
            is_there = False
        if not is_there:
            raise GraderError(
                f"{self.path} was taken away meanwhile, and its results",
                "run the same command again when nothing else changes it")

    def records(self, place: Place = lambda name: (0, name)
                ) -> Iterator[Record]:
        """Yield the result of each submission, by name or as `place` says.
        """
        for name in sorted(self._entries, key=place):
            yield read_at(self.path, self._entries[name].offset)

    def tidy(self, added: Callable[[Record], Record] = lambda record: record
             ) -> None:
        """Drop lines that later ones replace, and add to the others.

        `added` returns what becomes of a record.
        """
        with self.path.open("rb") as written:
            lines = sum(1 for _ in written)
        if lines == len(self._entries) and all(
                record == added(record) for record in self.records()):
            return
        # Windows replaces no file that is open.
        os.close(self._fd)
        try:
            self._rewrite(added)
        finally:
            self._fd = _open(self.path)
        for offset, record in _scan(self.path):
            self._enter(record, offset)

    def _rewrite(self, added: Callable[[Record], Record]) -> None:
        if self.spoiled:
            # Before the others are written, in case it is stopped then.
            _put_by(self.path, (
                line for _, line in _lines(self.path)
                if line.strip() and not records.read(line)))
        with files.replacing(self.path) as file:
            for record in self.records():
                file.write(_line(added(record)))


def _line(record: Record) -> str:
    return json.dumps(record, ensure_ascii=False,
                      separators=(",", ":")) + "\n"


def _open(path: Path) -> int:
    # Otherwise Windows would write every newline as two characters.
    binary = getattr(os, "O_BINARY", 0)
    # Opening a FIFO would wait for its other end.
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | binary
                 | getattr(os, "O_NONBLOCK", 0), 0o644)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError(errno.EINVAL, "it is not a regular file")
    return fd


def _put_by(results: Path, lines: Iterable[bytes]) -> None:
    """Append damaged lines to the file for them."""
    with results.with_name(SPOILED).open("ab") as kept:
        kept.writelines(lines)
        files.settle(kept)


def _end_last_line(fd: int, path: Path) -> None:
    """Cut off a torn line; one that only lacks its end gets it."""
    size = os.fstat(fd).st_size
    # From the end, by pieces: all of it may be more than memory holds.
    end = size
    while end:
        start = max(0, end - (1 << 16))
        os.lseek(fd, start, os.SEEK_SET)
        newline = os.read(fd, end - start).rfind(b"\n")
        if newline >= 0:
            end = start + newline + 1
            break
        end = start
    if end == size:
        return
    os.lseek(fd, end, os.SEEK_SET)
    last = os.read(fd, size - end)
    if records.read(last):
        # An editor that drops the last newline tears nothing.
        os.write(fd, b"\n")
    else:
        # It may be all there is: other line ends are in use elsewhere.
        _put_by(path, [last + b"\n"])
        os.ftruncate(fd, end)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield each line and where it begins."""
    offset = 0
    with path.open("rb") as file:
        for line in file:
            yield offset, line
            offset += len(line)


def _scan(path: Path) -> Iterator[tuple[int, Record]]:
    """Yield each record and its offset; other lines are skipped."""
    for offset, line in _lines(path):
        if record := records.read(line):
            yield offset, record


def _entry(record: Record, offset: int) -> Entry:
    keys = records.keys(record)
    newest = record.get("key") or ""
    return Entry(
        offset=offset, key=newest, source=record.get("source") or "",
        current=frozenset(task for task, key in keys.items()
                          if key == newest),
        older={task: key for task, key in keys.items() if key != newest},
        is_troubled=bool(record.get("trouble")))
