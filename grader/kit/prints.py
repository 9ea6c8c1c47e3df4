"""The standard streams of a program, with a listener for what it writes.

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
from contextlib import contextmanager
from pathlib import Path
from typing import Any

DESCRIPTORS = {"stdout": 1, "stderr": 2}
# A character without an encoding is no error here, as on most terminals.
_ERRORS = {"stdout": "replace", "stderr": "backslashreplace"}

_listening: list[Printout] = []
# What programs have put in the place of a stream. It is kept for ever: when
# such an object is collected it closes the descriptor or buffer it shares.
_left: list[object] = []
_spools: dict[str, Spool] = {}
# Where these lie; None where descriptors are left alone.
_folder: Path | None = None


class _Raw(io.RawIOBase):
    """The raw end of a stream: what is written goes to the listener."""

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
            # A program may print for ever.
            if not self._printout.is_full:
                self._printout.receive_bytes(bytes(view))
            return view.nbytes


class Printout:
    """One stream ("stdout" or "stderr"); `receive` gets its text in pieces.

    `stream` is what the program prints to.
    """

    stream: io.TextIOWrapper

    def __init__(self, name: str, receive: Callable[[str], object]) -> None:
        self.name = name
        self._receive = receive
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._open()

    def _open(self) -> None:
        """Make a new stream, whatever was done to the one before."""
        self._buffer = io.BufferedWriter(_Raw(self))
        self.stream = io.TextIOWrapper(
            self._buffer, "utf-8", _ERRORS[self.name], newline="\n")
        # The stream of a terminal has that attribute.
        setattr(self.stream, "mode", "w")

    @property
    def is_full(self) -> bool:
        """Return whether further text is dropped for now."""
        return False

    def receive_bytes(self, data: bytes) -> None:
        """Pass bytes on as the text that they are in UTF-8."""
        if text := self._decode(data):
            self._receive(text)

    def flush(self) -> None:
        """Pass on what is in buffers, and what went to the descriptor."""
        current = getattr(sys, self.name)
        if current is not self.stream:
            _flush(current)
        # That of the stream does both, unless its buffer was detached.
        if not _flush(self.stream):
            _flush(self._buffer)
        if _innermost().get(self.name) is self and self.name in _spools:
            self.receive_bytes(_spools[self.name].take())

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
        """Stand in again where a program has replaced or closed the stream.

        A redirection by the suite, say, stays.
        """
        current = getattr(sys, self.name)
        if any(current is each for each in _left) or (
                current is self.stream and not _is_open(current)):
            self.flush()
            self._open()
            self._stand_in()


class PrintedText(Printout):
    """Keeps the text printed since the last `forget`.

    It keeps the first `most` characters; None is no limit.
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
        """Drop the text."""
        self.flush()
        self._parts.clear()
        self._size = 0

    def text(self) -> str:
        """Return the text."""
        self.flush()
        return "".join(self._parts)


# What the call that is running has printed, to be shown with its failure.
of_call: PrintedText | None = None


@contextmanager
def kept_by_call(most: int) -> Iterator[PrintedText]:
    """Keep the beginning of what each call of a check prints."""
    global of_call
    of_call = PrintedText("stdout", most)
    try:
        with of_call.in_place():
            yield of_call
    finally:
        of_call = None


def forget_call() -> None:
    """Drop what the call before printed: another one begins."""
    if of_call:
        of_call.forget()


class Spool:
    """Keeps what is written to a descriptor, past Python's streams.

    It is an unnamed file, subject to the limits of a run: a program that
    fills it gets an error. A stream whose fileno() was never read has no
    spool; what is written to its descriptor directly is not kept.
    """

    def __init__(self, descriptor: int, folder: Path) -> None:
        self._descriptor = descriptor
        self._file = tempfile.TemporaryFile(buffering=0, dir=folder)
        os.dup2(self._file.fileno(), descriptor)

    def take(self) -> bytes:
        """Return what was written since the last call, and drop it."""
        file = self._file.fileno()
        size = os.lseek(file, 0, os.SEEK_END)
        if not size:
            return b""
        os.lseek(file, 0, os.SEEK_SET)
        data = os.read(file, size)
        os.ftruncate(file, 0)
        # Both descriptors share one position.
        os.lseek(file, 0, os.SEEK_SET)
        return data

    def reopen(self) -> None:
        """Lead the descriptor here again if a program has closed it."""
        try:
            os.fstat(self._descriptor)
        except OSError:
            os.dup2(self._file.fileno(), self._descriptor)


def keep_descriptors(folder: Path) -> None:
    """From now on, spool descriptors whose fileno() is read, in a folder."""
    global _folder
    _folder = folder


def _descriptor(name: str) -> int:
    """Return the descriptor of a stream, from here on with a spool."""
    if name not in _spools and _folder is not None:
        _spools[name] = Spool(DESCRIPTORS[name], _folder)
    return DESCRIPTORS[name]


@contextmanager
def of_a_program() -> Iterator[None]:
    """Give a program the standard streams of a new process.

    A program before it in this process may have replaced or closed them.
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
    """Return the innermost printout of each stream, by its name."""
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
        return False  # its buffer was detached


def _flush(stream: object) -> bool:
    """Flush a stream, if it is one of Python's own; return whether it was.
    """
    if type(stream) in (io.TextIOWrapper, io.BufferedWriter):
        # A try statement and not suppress, which takes longer than the rest.
        try:
            getattr(stream, "flush")()
            return True
        except Exception:
            pass  # it is closed, or was interrupted in the middle of a write
    return False
