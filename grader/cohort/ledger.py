"""results.jsonl: one line a submission, that no crash can spoil.

A line is written by one call and flushed to the disk. What a crash leaves
torn is cut off when the ledger is opened next; of several lines about one
submission the last one counts.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Self

from grader.cohort.lock import lock
from grader.errors import GraderError, UserError
from grader.files import replacing

RESULTS = "results.jsonl"

Record = dict[str, Any]


class Entry(NamedTuple):
    """Where the line of a submission is, and whether it is final."""

    offset: int
    key: str
    settled: bool


def index(path: Path) -> dict[str, Entry]:
    """Return where the last line of each submission is."""
    return {name: entry for name, entry in _scan(path)}


def read_at(path: Path, offset: int) -> Record:
    """Return the record that begins there."""
    with path.open("rb") as file:
        file.seek(offset)
        record: Record = json.loads(file.readline())
    return record


class Ledger:
    """The results in a folder; a context manager, one process at a time."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / RESULTS
        self._lock = lock(folder)
        self._entries: dict[str, Entry] = {}
        self._by_key: dict[str, int] = {}
        try:
            self._fd = _open(self.path)
            _cut_torn_line(self._fd)
        except OSError as error:
            raise UserError(f"{self.path} cannot be written: "
                            f"{error.strerror}", "name another --out"
                            ) from None
        for name, entry in _scan(self.path):
            self._enter(name, entry)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        os.close(self._fd)
        os.close(self._lock)

    def __len__(self) -> int:
        return len(self._entries)

    def _enter(self, name: str, entry: Entry) -> None:
        self._entries[name] = entry
        if entry.settled:
            self._by_key[entry.key] = entry.offset

    def has(self, name: str, key: str) -> bool:
        """Tell whether this submission needs no grading any more."""
        entry = self._entries.get(name)
        return entry is not None and entry.key == key and entry.settled

    def like(self, key: str) -> Record | None:
        """Return the result of any submission of the same content."""
        offset = self._by_key.get(key)
        return None if offset is None else read_at(self.path, offset)

    def append(self, record: Record) -> None:
        """Write one line: wholly, or not at all."""
        line = json.dumps(record, ensure_ascii=False,
                          separators=(",", ":")).encode() + b"\n"
        offset = os.fstat(self._fd).st_size
        try:
            # A disk that is nearly full takes a part, without an error.
            if os.write(self._fd, line) != len(line):
                raise OSError("the disk is full")
            os.fsync(self._fd)
        except OSError as error:
            os.ftruncate(self._fd, offset)
            raise GraderError(f"{self.path} cannot be written: {error}",
                              "make room and call it again: what is there"
                              " will not be graded again") from None
        self._enter(record["submission"], _entry(record, offset))

    def records(self) -> Iterator[Record]:
        """Yield the result of each submission, by name."""
        with self.path.open("rb") as file:
            for name in sorted(self._entries):
                file.seek(self._entries[name].offset)
                yield json.loads(file.readline())

    def tidy(self) -> None:
        """Drop lines that later ones replace; the last thing to do."""
        with self.path.open("rb") as written:
            lines = sum(1 for _ in written)
        if lines > len(self._entries):
            # Windows replaces no file that is open.
            os.close(self._fd)
            try:
                self._rewrite()
            finally:
                self._fd = _open(self.path)

    def _rewrite(self) -> None:
        with replacing(self.path) as file:
            for record in self.records():
                json.dump(record, file, ensure_ascii=False,
                          separators=(",", ":"))
                file.write("\n")


def _open(path: Path) -> int:
    # Otherwise Windows would write every newline as two characters.
    binary = getattr(os, "O_BINARY", 0)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | binary,
                   0o644)


def _cut_torn_line(fd: int) -> None:
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
    if end < size:
        os.ftruncate(fd, end)


def _scan(path: Path) -> Iterator[tuple[str, Entry]]:
    """Yield each line's entry; one that cannot be read does not count."""
    offset = 0
    with path.open("rb") as file:
        for line in file:
            try:
                record = json.loads(line)
                yield record["submission"], _entry(record, offset)
            except (ValueError, KeyError, TypeError):
                pass
            offset += len(line)


def _entry(record: Record, offset: int) -> Entry:
    """Return the entry of a record; an error is not a result to keep."""
    settled = all(task["status"] != "error" for task in record["tasks"])
    return Entry(offset, record.get("key", ""), settled)
