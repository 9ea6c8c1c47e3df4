"""The standard streams of a program, heard as it writes to them.

A program gets text streams as Python itself makes them, each over a buffer
of bytes and a descriptor, so that whatever it does with those of a terminal
works here too: reconfigure, detach, write bytes, close.
"""

from __future__ import annotations

import codecs
import io
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

DESCRIPTORS = {"stdout": 1, "stderr": 2}
# Printing what no encoding has costs nothing here.
_ERRORS = {"stdout": "replace", "stderr": "backslashreplace"}

_listening: list[Printout] = []
# What programs have put in the place of a stream. It is never let go:
# the end of such an object closes the descriptor or buffer that it shares.
_left: list[object] = []
_spools: dict[str, Spool] = {}
# Where these lie; None where descriptors are left alone.
_folder: Path | None = None


class _Raw(io.RawIOBase):
    """The end of a stream of ours: what is written is heard, not stored."""

    mode = "wb"

    def __init__(self, printout: Printout) -> None:
        super().__init__()
        self.name = f"<{printout.name}>"
        self._printout = printout

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return _descriptor(self._printout.name)

    def write(self, data: Any) -> int:
        with memoryview(data) as view:
            # A program may print without an end.
            if not self._printout.is_full:
                self._printout.hear_bytes(bytes(view))
            return view.nbytes


class Printout:
    """One stream ("stdout" or "stderr"), heard as text piece by piece.

    `stream` is what the program prints to.
    """

    stream: io.TextIOWrapper

    def __init__(self, name: str, hear: Callable[[str], object]) -> None:
        self.name = name
        self._hear = hear
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._open()

    def _open(self) -> None:
        """Make a new stream; nothing that was done to another matters."""
        self._buffer = io.BufferedWriter(_Raw(self))
        self.stream = io.TextIOWrapper(
            self._buffer, "utf-8", _ERRORS[self.name], newline="\n")
        # As that of a terminal has it.
        setattr(self.stream, "mode", "w")

    @property
    def is_full(self) -> bool:
        """Tell whether nothing more is to be heard for now."""
        return False

    def hear_bytes(self, data: bytes) -> None:
        """Take note of bytes, as of the text that they are in UTF-8."""
        if text := self._decode(data):
            self._hear(text)

    def flush(self) -> None:
        """Hear what waits in buffers, and what went to the descriptor."""
        for each in getattr(sys, self.name), self.stream, self._buffer:
            _flush(each)
        if _innermost().get(self.name) is self and self.name in _spools:
            self.hear_bytes(_spools[self.name].take())

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Be the stream of everything that prints meanwhile."""
        before = getattr(sys, self.name), getattr(sys, f"__{self.name}__")
        _listening.append(self)
        self._stand_in()
        try:
            yield
        finally:
            self.flush()
            _listening.remove(self)
            setattr(sys, self.name, before[0])
            setattr(sys, f"__{self.name}__", before[1])

    def _stand_in(self) -> None:
        setattr(sys, self.name, self.stream)
        setattr(sys, f"__{self.name}__", self.stream)

    def renew(self) -> None:
        """Stand in again where a program has put something else, or closed.

        What others do, a suite that redirects a stream say, stays.
        """
        current = getattr(sys, self.name)
        if any(current is each for each in _left) or (
                current is self.stream and not _is_open(current)):
            self.flush()
            self._open()
            self._stand_in()


class Transcript(Printout):
    """Keeps what is printed since the last `forget`.

    At most `most` characters, from the beginning on; None is without end.
    """

    def __init__(self, name: str, most: int | None = None) -> None:
        super().__init__(name, self._keep)
        self._most = most
        self._size = 0
        self._parts: list[str] = []

    @property
    def is_full(self) -> bool:
        return self._most is not None and self._size >= self._most

    def _keep(self, text: str) -> None:
        if self._most is not None:
            text = text[:max(0, self._most - self._size)]
        self._parts.append(text)
        self._size += len(text)

    def forget(self) -> None:
        """Start again with nothing."""
        self.flush()
        self._parts.clear()
        self._size = 0

    def text(self) -> str:
        """Return what was kept."""
        self.flush()
        return "".join(self._parts)


# What the call under way has printed: a failure is shown with it.
of_call: Transcript | None = None


@contextmanager
def kept_by_call(most: int) -> Iterator[Transcript]:
    """Keep the beginning of what each call of a check prints."""
    global of_call
    of_call = Transcript("stdout", most)
    try:
        with of_call.in_place():
            yield of_call
    finally:
        of_call = None


def forget_call() -> None:
    """Start again, since another call begins."""
    if of_call:
        of_call.forget()


class Spool:
    """What is written to a descriptor itself, past any stream of Python's.

    It is a file without a name, which the limits of a run bound: a program
    that floods it gets an error, where one that never asks for the number
    of a descriptor can write to it without an end, and nothing is kept.
    """

    def __init__(self, descriptor: int, folder: Path) -> None:
        self._descriptor = descriptor
        self._file = tempfile.TemporaryFile(buffering=0, dir=folder)
        os.dup2(self._file.fileno(), descriptor)

    def take(self) -> bytes:
        """Return what was written since the last call, and forget it."""
        file = self._file.fileno()
        size = os.lseek(file, 0, os.SEEK_END)
        if not size:
            return b""
        os.lseek(file, 0, os.SEEK_SET)
        data = os.read(file, size)
        os.ftruncate(file, 0)
        # Both descriptors have this one position.
        os.lseek(file, 0, os.SEEK_SET)
        return data

    def reopen(self) -> None:
        """Lead the descriptor here again if a program has closed it."""
        try:
            os.fstat(self._descriptor)
        except OSError:
            os.dup2(self._file.fileno(), self._descriptor)


def keep_descriptors(folder: Path) -> None:
    """From now on, hear what is written to a descriptor asked for, too."""
    global _folder
    _folder = folder


def _descriptor(name: str) -> int:
    """Return the descriptor of a stream, whose text is not to be lost."""
    if name not in _spools and _folder is not None:
        _spools[name] = Spool(DESCRIPTORS[name], _folder)
    return DESCRIPTORS[name]


@contextmanager
def of_a_program() -> Iterator[None]:
    """Give the program that is run meanwhile the streams of a new process.

    One that is run in the same process before may have replaced or closed
    its own.
    """
    innermost = _innermost()
    for printout in innermost.values():
        printout.renew()
    if innermost:
        _renew_descriptors()
    before = {name: getattr(sys, name) for name in innermost}
    try:
        yield
    finally:
        _left.extend(getattr(sys, name) for name in innermost
                     if getattr(sys, name) is not before[name])


def _innermost() -> dict[str, Printout]:
    """Return the printout that hears each stream first."""
    return {each.name: each for each in _listening}


def _renew_descriptors() -> None:
    for spool in _spools.values():
        spool.reopen()
    if not _is_open(sys.stdin):
        sys.stdin = open(os.devnull, encoding="utf-8")


def _is_open(stream: Any) -> bool:
    try:
        return not stream.closed
    except (ValueError, AttributeError):
        return False  # it has given its buffer away


def _flush(stream: object) -> None:
    """Flush a stream, if it is one of Python's own."""
    if type(stream) in (io.TextIOWrapper, io.BufferedWriter):
        # It may be closed, or interrupted in the middle of a write.
        with suppress(Exception):
            getattr(stream, "flush")()
