"""What a submission tells the world: prints, log records, written files."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from grader.kit.prints import Printout
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
        self._printouts: list[Printout] = []

    def text(self) -> str:
        """Return all that was said, each run of white space one blank."""
        self._flush()
        files = self._files()
        new = (text.removeprefix(self._old.get(path, ""))
               for path, text in files.items())
        return one_line("".join(self._parts) + " " + " ".join(new))

    def forget(self) -> None:
        """Start again with nothing."""
        self._flush()
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
        with ExitStack() as stack:
            self._printouts = [self._printout("stdout", sys.stdout),
                               self._printout("stderr", sys.stderr)]
            for printout in self._printouts:
                stack.enter_context(printout.in_place())
            stack.enter_context(mock.patch.object(root, "handlers", []))
            stack.enter_context(mock.patch.object(
                logging.Logger, "manager", logging.Manager(logging.root)))
            root.setLevel(logging.NOTSET)
            logging.setLogRecordFactory(self._record)
            try:
                yield
            finally:
                logging.setLogRecordFactory(old)
                root.setLevel(level)

    def _printout(self, name: str, stream: Any) -> Printout:
        """Return a stream that is heard and still goes where it went."""
        def hear(text: str) -> None:
            self._parts.append(text)
            stream.write(text)
        return Printout(name, hear)

    def _flush(self) -> None:
        for printout in self._printouts:
            printout.flush()

    def _record(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = logging.LogRecord(*args, **kwargs)
        try:
            text = record.getMessage()
        except Exception:
            # As a handler: it reports arguments that do not fit, and goes on.
            text = f"{record.msg} {record.args}"
        self.hear(f"{text}\n")
        return record

    def hear(self, text: str) -> None:
        """Take note of some text."""
        # What was printed before waits in a buffer.
        self._flush()
        self._parts.append(text)


def one_line(text: str) -> str:
    """Return the text with each run of white space as one blank."""
    return " ".join(text.split())


def says(told: str, text: str) -> bool:
    """Tell whether `text` is in what was told, in capitals or not."""
    return one_line(text).casefold() in one_line(told).casefold()
