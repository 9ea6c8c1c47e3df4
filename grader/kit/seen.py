"""What a submission reports: prints, log records, text in files."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from grader.kit.prints import Printout
from grader.kit.replacing import replaced
from grader.kit.scratch import files

# Bytes; larger files are not read.
_LARGE = 1 << 18
_NOT_TEXT = {".py", ".pyc", ".db", ".sqlite", ".sqlite3", ".db-journal",
             ".sqlite-wal", ".sqlite-shm"}


class Seen:
    """Collects what was printed, logged or written since the last `forget`.

    Written means: to text files in a folder, or below it. Log records are
    taken where they are made: a handler on the root logger would turn the
    submission's own basicConfig into a no-op.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._parts: list[str] = []
        self._old: dict[Path, str] = {}
        self._printouts: list[Printout] = []

    def text(self) -> str:
        """Return all that was reported as one line; see `one_line`."""
        self._flush()
        files = self._files()
        # A file that was appended to counts with what is new in it.
        new = (text.removeprefix(self._old.get(path, ""))
               for path, text in files.items())
        return one_line("".join(self._parts) + " " + " ".join(new))

    def forget(self) -> None:
        """Drop what was reported so far."""
        self._flush()
        self._parts.clear()
        self._old = self._files()

    def _files(self) -> dict[Path, str]:
        return {path: path.read_text(errors="replace")
                for path in map(Path, filter(_may_be_text,
                                             files(self._folder)))
                if path.is_file() and path.stat().st_size < _LARGE}

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """Collect both streams and log records.

        Logging has no handlers and no loggers, as in a new process; the old
        ones are put back.
        """
        root = logging.getLogger()
        level, old = root.level, logging.getLogRecordFactory()
        # Without new loggers a dictConfig, for example, would disable those
        # of the grader.
        with ExitStack() as stack:
            self._printouts = [self._printout("stdout", sys.stdout),
                               self._printout("stderr", sys.stderr)]
            for printout in self._printouts:
                stack.enter_context(printout.in_place())
            stack.enter_context(replaced(
                (root, "handlers", []),
                (logging.Logger, "manager", logging.Manager(logging.root))))
            root.setLevel(logging.NOTSET)
            logging.setLogRecordFactory(self._record)
            try:
                yield
            finally:
                logging.setLogRecordFactory(old)
                root.setLevel(level)

    def _printout(self, name: str, stream: Any) -> Printout:
        """Return a stream that is collected and passed on as before."""
        def receive(text: str) -> None:
            self._parts.append(text)
            stream.write(text)
        return Printout(name, receive)

    def _flush(self) -> None:
        for printout in self._printouts:
            printout.flush()

    def _record(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = logging.LogRecord(*args, **kwargs)
        try:
            text = record.getMessage()
        except Exception:
            # Arguments that do not fit are no error in a real handler.
            text = f"{record.msg} {record.args}"
        # Text printed before it may still be in a buffer.
        self._flush()
        self._parts.append(f"{text}\n")
        return record


def _may_be_text(path: str) -> bool:
    return os.path.splitext(path)[1] not in _NOT_TEXT


def one_line(text: str) -> str:
    """Return the text with one blank for each run of white space."""
    return " ".join(text.split())


def says(output: str, text: str) -> bool:
    """Return whether `text` is in `output`, without regard to case."""
    return one_line(text).casefold() in one_line(output).casefold()
