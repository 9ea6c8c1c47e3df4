"""Draws on the terminal's alternate screen, for `watch`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

ENTER = "\033[?1049h\033[?25l"
LEAVE = "\033[?25h\033[?1049l"


def _let_pass(number: int, frame: FrameType | None) -> None:
    """Do nothing. Unlike SIG_IGN, this is not handed on to programs."""


class Ended(BaseException):
    """A signal asked for the end while something could be interrupted."""


class Display:
    """Where to draw; with a keyboard to it, a Terminal.

    `ended` is the signal that asks for the end, `resized` whether to draw
    all of it again.
    """

    def __init__(self) -> None:
        self._output = sys.stdout.fileno()
        self.ended: int | None = None
        self.resized = False
        self._heeds = False

    @contextmanager
    def heeding(self) -> Iterator[None]:
        """Let a signal that asks for the end raise Ended meanwhile.

        Elsewhere it only wakes the loop, which then leaves.
        """
        self._heeds = True
        try:
            if self.ended is not None:
                raise Ended
            yield
        finally:
            self._heeds = False

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ended = number
        if self._heeds:
            # Only once: what is given up has to be put away.
            self._heeds = False
            raise Ended

    def write(self, text: str) -> None:
        """Write all of a text."""
        rest = memoryview(text.encode("utf-8", "replace"))
        while rest:
            rest = rest[os.write(self._output, rest):]

    def draw(self, lines: Sequence[str]) -> None:
        """Show lines in place of what was there, without a flicker."""
        body = "\033[K\r\n".join(lines)
        self.write(f"\033[H{body}\033[K\033[J")

    @contextmanager
    def handed_over(self) -> Iterator[None]:
        """Let another program have the screen and the keyboard meanwhile.

        Ctrl-C is for that program alone.
        """
        old = signal.signal(signal.SIGINT, _let_pass)
        self._give_back()
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, old)
            self._take()
            self.resized = True

    def _take(self) -> None:
        self.write(ENTER)

    def _give_back(self) -> None:
        self.write(LEAVE)

    @property
    def size(self) -> tuple[int, int]:
        """Return columns and rows; those of a usual terminal if unknown."""
        try:
            columns, rows = os.get_terminal_size(self._output)
        except OSError:
            return 80, 24
        return columns or 80, rows or 24
