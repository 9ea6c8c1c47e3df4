"""The terminal while `watch` has it: single keys, a screen of its own.

Whatever happens short of SIGKILL, the terminal gets back what it was: the
signals that end or stop a program only wake the loop, which then leaves.
"""

from __future__ import annotations

import fcntl
import os
import re
import signal
import sys
import termios
import tty
from collections.abc import Sequence
from contextlib import suppress
from types import FrameType
from typing import Self

ENTER = "\033[?1049h\033[?25l"
LEAVE = "\033[?25h\033[?1049l"
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SEQUENCE = re.compile(r"\033(?:[\[O][0-?]*[ -/]*[@-~])?")
_ARROWS = {"\033[A": "up", "\033[B": "down", "\033[5~": "up",
           "\033[6~": "down"}


class Terminal:
    """The terminal, taken over; use as a context manager.

    `wake` is a pipe's writing end that signals write a byte to. `ended` is
    the signal that asks for the end, `resized` whether to draw anew.
    """

    def __init__(self, wake: int) -> None:
        self._input = sys.stdin.fileno()
        self._output = sys.stdout.fileno()
        self._wake = wake
        self.ended: int | None = None
        self.resized = False

    def __enter__(self) -> Self:
        self._saved = termios.tcgetattr(self._input)
        self._old_wake = signal.set_wakeup_fd(self._wake,
                                              warn_on_full_buffer=False)
        self._old = {number: signal.signal(number, self._end)
                     for number in _ENDING}
        self._old[signal.SIGTSTP] = signal.signal(signal.SIGTSTP, self._stop)
        self._old[signal.SIGWINCH] = signal.signal(signal.SIGWINCH,
                                                   self._resize)
        try:
            self._take()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *details: object) -> None:
        self._give_back()
        for number, handler in self._old.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_wake)

    def _take(self) -> None:
        tty.setcbreak(self._input, termios.TCSANOW)
        self.write(ENTER)

    def _give_back(self) -> None:
        # After SIGHUP there may be no terminal left to restore.
        with suppress(OSError):
            self.write(LEAVE)
        with suppress(termios.error):
            termios.tcsetattr(self._input, termios.TCSANOW, self._saved)
            # Keys still unread are not meant for the shell.
            termios.tcflush(self._input, termios.TCIFLUSH)

    def _end(self, number: int, frame: FrameType | None) -> None:
        self.ended = number

    def _resize(self, number: int, frame: FrameType | None) -> None:
        self.resized = True

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """Hand the terminal to the shell on Ctrl-Z, and take it back."""
        self._give_back()
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._stop)
        self._take()
        self.resized = True

    def write(self, text: str) -> None:
        """Write all of a text."""
        rest = memoryview(text.encode("utf-8", "replace"))
        while rest:
            rest = rest[os.write(self._output, rest):]

    def draw(self, lines: Sequence[str]) -> None:
        """Show lines in place of what was there, without a flicker."""
        body = "\033[K\r\n".join(lines)
        self.write(f"\033[H{body}\033[K\033[J")

    def read(self) -> list[str]:
        """Return the keys pressed; "q" once there is no keyboard left."""
        try:
            data = os.read(self._input, 1024)
        except OSError:
            data = b""
        return keys(data.decode("utf-8", "replace")) if data else ["q"]

    @property
    def size(self) -> tuple[int, int]:
        """Return columns and rows; those of a usual terminal if unknown."""
        try:
            columns, rows = os.get_terminal_size(self._output)
        except OSError:
            return 80, 24
        return columns or 80, rows or 24


def keys(text: str) -> list[str]:
    """Split what was typed into keys; arrows are "up" and "down"."""
    found = []
    while text:
        sequence = _SEQUENCE.match(text)
        if sequence:
            found.append(_ARROWS.get(sequence[0], "escape"))
        else:
            found.append(text[0])
        text = text[sequence.end() if sequence else 1:]
    return found


def wake_pipe() -> tuple[int, int]:
    """Return a pipe that nobody ever waits to write to."""
    reading, writing = os.pipe()
    for fd in reading, writing:
        flags = fcntl.fcntl(fd, fcntl.F_GETFL)
        fcntl.fcntl(fd, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    return reading, writing
