"""The standard streams: whatever they are, no text is lost to them."""

from __future__ import annotations

import codecs
import errno
import io
import os
import sys

from grader.errors import UserError

# Importing typing would take as long as the rest of `grade --help`.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


class Closed(io.TextIOBase):
    """Stands for an output that was closed before we were started."""

    encoding = "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Refuse a text; what has nothing to say may say it."""
        if text:
            raise OSError(errno.EBADF, "it is closed")
        return 0


def prepare() -> None:
    """Make the streams ready: there, and able to write any text.

    Python has no stream at all where its descriptor is closed.
    """
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _fill_descriptors()
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = Closed()
    if sys.stderr is None:
        # It is closed, and so is the place to say so.
        sys.stderr = open(os.devnull, "w", encoding="utf-8")
    # A pipe would get an old code page on Windows.
    encoding = "utf-8" if sys.platform == "win32" else None
    for stream in sys.stdout, sys.stderr:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _fill_descriptors() -> None:
    """Let no file that we open be taken for a standard stream."""
    fd = os.open(os.devnull, os.O_RDWR)
    while fd <= 2:
        fd = os.dup(fd)
    os.close(fd)


def refuse_closed(stream: TextIO) -> None:
    """Raise UserError before what has nowhere to go is worked out."""
    if isinstance(stream, Closed):
        raise UserError("the output cannot be written: it is closed",
                        "send it elsewhere")


def takes_all(stream: TextIO) -> bool:
    """Tell whether a stream has letters for every text: UTF-8."""
    name = getattr(stream, "encoding", None) or "utf-8"
    return codecs.lookup(name).name.startswith("utf-8")
