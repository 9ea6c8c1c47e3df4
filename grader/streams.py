"""Prepares the standard streams, so that every text can be written to them.

They may be closed, or have an encoding without some letters.
"""

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
    """Takes the place of an output that was closed before the start."""

    encoding = "utf-8"

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Raise OSError for a text; an empty one is no error."""
        if text:
            raise OSError(errno.EBADF, "it is closed")
        return 0


def prepare() -> None:
    """Replace missing streams, and let the others escape unknown letters.

    Where a descriptor is closed, Python sets the stream to None.
    """
    if None in (sys.stdin, sys.stdout, sys.stderr):
        _fill_descriptors()
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")
    if sys.stdout is None:
        sys.stdout = Closed()
    if sys.stderr is None:
        # There is no place left to report it.
        sys.stderr = open(os.devnull, "w", encoding="utf-8")
    # On Windows a pipe would get an old code page.
    encoding = "utf-8" if sys.platform == "win32" else None
    for stream in sys.stdout, sys.stderr:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _fill_descriptors() -> None:
    """Open /dev/null for each closed descriptor from 0 to 2.

    Otherwise the next file that is opened gets that number, and whatever
    is printed goes into it.
    """
    fd = os.open(os.devnull, os.O_RDWR)
    while fd <= 2:
        fd = os.dup(fd)
    os.close(fd)


def refuse_closed(stream: TextIO) -> None:
    """Raise UserError for a closed output, before any work is done."""
    if isinstance(stream, Closed):
        raise UserError("the output cannot be written: it is closed",
                        "send it elsewhere")


def takes_all(stream: TextIO) -> bool:
    """Return whether a stream is UTF-8, which has every letter."""
    name = getattr(stream, "encoding", None) or "utf-8"
    return codecs.lookup(name).name.startswith("utf-8")
