"""Reads single keys from the terminal, for `watch` on Linux and macOS.

The terminal's settings are restored in any case but SIGKILL: the signals
that end or stop a program only wake the loop, which then leaves.
"""

from __future__ import annotations

import fcntl
import os
import re
import select
import signal
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Self

from grader.watch.display import Display

assert sys.platform != "win32"

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_SEQUENCE = re.compile(r"\033(?:[\[O][0-?]*[ -/]*[@-~])?")
# A sequence of which the rest is on its way, over a slow line.
_CUT_OFF = re.compile(r"\033(?:[\[O][0-?]*[ -/]*)?\Z")
_REST_SECONDS = 0.05
_NAMES = {"[A": "up", "[B": "down", "[C": "right", "[D": "left",
          "OA": "up", "OB": "down", "OC": "right", "OD": "left",
          "[5~": "pgup", "[6~": "pgdn", "[H": "home", "[F": "end",
          "[1~": "home", "[4~": "end", "OH": "home", "OF": "end"}
_CONTROLS = {"\r": "enter", "\n": "enter", "\x7f": "backspace",
             "\b": "backspace"}


class Terminal(Display):
    """The terminal, taken over; use as a context manager."""

    def __init__(self) -> None:
        super().__init__()
        self._input = sys.stdin.fileno()
        self._reading, self._writing = _wake_pipe()

    def __enter__(self) -> Self:
        self._saved = termios.tcgetattr(self._input)
        self._old_wake = signal.set_wakeup_fd(self._writing,
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
        super()._take()

    def _give_back(self) -> None:
        # After SIGHUP there may be no terminal left to restore.
        with suppress(OSError):
            super()._give_back()
        with suppress(termios.error):
            termios.tcsetattr(self._input, termios.TCSANOW, self._saved)
            # Keys still unread are not meant for the shell.
            termios.tcflush(self._input, termios.TCIFLUSH)

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

    @contextmanager
    def handed_over(self) -> Iterator[None]:
        # The other program stops by itself, and this one with it.
        old = signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        try:
            with super().handed_over():
                yield
        finally:
            signal.signal(signal.SIGTSTP, old)

    def wait(self, seconds: float) -> bool:
        """Wait to be woken; return whether that was by a key."""
        ready, _, _ = select.select([self._input, self._reading], [], [],
                                    seconds)
        if self._reading in ready:
            os.read(self._reading, 4096)
        return self._input in ready

    def wake(self) -> None:
        """End the waiting, from any thread."""
        # Full, the pipe wakes just as well.
        with suppress(BlockingIOError):
            os.write(self._writing, b"\0")

    def read(self) -> list[str]:
        """Return the keys pressed; "q" once there is no keyboard left."""
        text = self._typed()
        while _CUT_OFF.search(text) and select.select(
                [self._input], [], [], _REST_SECONDS)[0]:
            rest = self._typed()
            if not rest:
                break
            text += rest
        return keys(text) if text else ["q"]

    def _typed(self) -> str:
        try:
            return os.read(self._input, 1024).decode("utf-8", "replace")
        except OSError:
            return ""


def keys(text: str) -> list[str]:
    """Split what was typed into keys, those without a letter by name."""
    found = []
    while text:
        sequence = _SEQUENCE.match(text)
        if sequence:
            found.append(_NAMES.get(sequence[0][1:], "escape"))
        else:
            found.append(_CONTROLS.get(text[0], text[0]))
        text = text[sequence.end() if sequence else 1:]
    return found


def _wake_pipe() -> tuple[int, int]:
    """Return a pipe whose ends never block."""
    reading, writing = os.pipe()
    for fd in reading, writing:
        flags = fcntl.fcntl(fd, fcntl.F_GETFL)
        fcntl.fcntl(fd, fcntl.F_SETFL, flags | os.O_NONBLOCK)
    return reading, writing
