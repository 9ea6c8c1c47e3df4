"""What a submission tells the world: prints, log records, written files."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from grader.kit.scratch import files

_SMALL = 1 << 18
_NOT_TEXT = {".py", ".pyc", ".db", ".sqlite", ".sqlite3", ".db-journal"}


class Seen:
    """Collects what was said since the last `forget`, however it was.

    Log records are taken where they are made: a handler on the root logger
    would turn the submission's own basicConfig into a no-op.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: list[str] = []
        self._old: dict[Path, str] = {}

    def text(self) -> str:
        """Return all that was said, each run of white space one blank."""
        files = self._files()
        new = (text.removeprefix(self._old.get(path, ""))
               for path, text in files.items())
        return one_line("".join(self._parts) + " " + " ".join(new))

    def forget(self) -> None:
        """Start anew."""
        self._parts.clear()
        self._old = self._files()

    def _files(self) -> dict[Path, str]:
        return {path: path.read_text(errors="replace")
                for path in map(Path, files(self._folder))
                if path.suffix not in _NOT_TEXT and path.is_file()
                and path.stat().st_size < _SMALL}

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Stand in for both streams, and for a fresh logging module."""
        root = logging.getLogger()
        level, old = root.level, logging.getLogRecordFactory()
        # A dictConfig disables the loggers that are known, for example.
        with mock.patch("sys.stdout", Tee(self, sys.stdout)), \
                mock.patch("sys.stderr", Tee(self, sys.stderr)), \
                mock.patch.object(root, "handlers", []), \
                mock.patch.object(logging.Logger, "manager",
                                  logging.Manager(logging.root)):
            root.setLevel(logging.NOTSET)
            logging.setLogRecordFactory(self._record)
            try:
                yield
            finally:
                logging.setLogRecordFactory(old)
                root.setLevel(level)

    def _record(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = logging.LogRecord(*args, **kwargs)
        self.hear(f"{record.getMessage()}\n")
        return record

    def hear(self, text: str) -> None:
        """Take note of some text."""
        self._parts.append(text)


class Tee:
    """A text stream that is heard and still goes where it went."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, seen: Seen, stream: Any) -> None:
        self._seen = seen
        self._stream = stream

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not "
                            f"{type(text).__name__}")
        self._seen.hear(text)
        self._stream.write(text)
        return len(text)

    def writelines(self, lines: list[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        self._stream.flush()

    def isatty(self) -> bool:
        return False


def one_line(text: str) -> str:
    """Return the text with each run of white space as one blank."""
    return " ".join(text.split())


def says(told: str, text: str) -> bool:
    """Tell whether `text` is in what was told, in capitals or not."""
    return one_line(text).casefold() in one_line(told).casefold()
