"""Reads single keys from the terminal, for `watch` on Windows."""

from __future__ import annotations

import msvcrt
import os
import signal
import sys
import threading
import time
from typing import Self

from grader.watch.display import Display

assert sys.platform == "win32"

# Nothing there waits for a key and for an event at once.
_LOOK_SECONDS = 0.05
_SPECIAL = ("\0", "\xe0")
_NAMES = {"H": "up", "P": "down", "K": "left", "M": "right", "I": "pgup",
          "Q": "pgdn", "G": "home", "O": "end"}
_CONTROLS = {"\r": "enter", "\b": "backspace", "\033": "escape"}
_CTRL_C = "\3"


class Terminal(Display):
    """The console, taken over; use as a context manager."""

    def __init__(self) -> None:
        super().__init__()
        self._woken = threading.Event()

    def __enter__(self) -> Self:
        self._old = {number: signal.signal(number, self._end)
                     for number in (signal.SIGINT, signal.SIGBREAK)}
        # A console understands escape sequences once a shell was in it.
        os.system("")
        self._take()
        return self

    def __exit__(self, *details: object) -> None:
        self._give_back()
        for number, handler in self._old.items():
            signal.signal(number, handler)

    def write(self, text: str) -> None:
        # The descriptor would take them for text of an old code page.
        sys.stdout.write(text)
        sys.stdout.flush()

    def wait(self, seconds: float) -> bool:
        """Wait to be woken; return whether that was by a key."""
        deadline = time.monotonic() + seconds
        while (not msvcrt.kbhit() and self.ended is None
               and (left := deadline - time.monotonic()) > 0
               and not self._woken.wait(min(left, _LOOK_SECONDS))):
            pass
        self._woken.clear()
        return msvcrt.kbhit()

    def wake(self) -> None:
        """End the waiting, from any thread."""
        self._woken.set()

    def read(self) -> list[str]:
        """Return the keys pressed."""
        found = []
        while msvcrt.kbhit():
            key = msvcrt.getwch()
            if key in _SPECIAL:
                key = _NAMES.get(msvcrt.getwch(), "")
            key = _CONTROLS.get(key, key)
            if key == _CTRL_C:
                self.ended = signal.SIGINT
            found.append(key)
        return found
