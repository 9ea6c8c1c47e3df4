"""A pseudo-terminal with a program in it, to press keys and read screens."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# Far above what is ever needed: a busy machine must not fail a test.
PATIENCE = 60.0
_CONTROLLED = ("import fcntl, os, sys, termios;"
               " fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
               " os.execvp(sys.argv[1], sys.argv[1:])")
_END = b"<the end of the output>"
_COLOUR = re.compile(r"\033\[[?0-9;]*[A-Za-z]")


def controlled(argv: Sequence[str]) -> list[str]:
    """Return the words that run a program with a controlling terminal.

    Ctrl-C and Ctrl-Z typed on it are signals to what is in the foreground,
    and a shell has jobs.
    """
    return [sys.executable, "-c", _CONTROLLED, *argv]


class PseudoTerminal:
    """Runs a program in a terminal of 80 by 24; use as a context manager."""

    def __init__(self, argv: Sequence[str], cwd: Path, rows: int = 24,
                 **environment: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, 80, 0, 0))
        self.before = termios.tcgetattr(slave)
        # Kept open, so that the state of the terminal can be asked later.
        self._slave = slave
        self.process = subprocess.Popen(
            argv, stdin=slave, stdout=slave, stderr=slave, cwd=cwd,
            start_new_session=True,
            env={**os.environ, "TERM": "xterm", **environment})
        self.output = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._slave)
        os.close(self._master)

    @property
    def screen(self) -> str:
        """Return the text of what was drawn last."""
        last = self.output.rsplit("\033[H", 1)[-1]
        return _COLOUR.sub("", last).replace("\r", "")

    @property
    def now(self) -> list[Any]:
        """Return the terminal's settings."""
        return termios.tcgetattr(self._slave)

    def press(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def expect(self, *texts: str) -> str:
        """Read until a screen holds all the texts, and return it."""
        deadline = time.monotonic() + PATIENCE
        while not all(text in self.screen for text in texts):
            self._read(deadline, texts)
        return self.screen

    def leave(self) -> int:
        """Read to the end of the program; return its exit status."""
        deadline = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < deadline, self.output
            self.read_some(0.02)
        # What the program has written stands before this.
        os.write(self._slave, _END)
        while _END.decode() not in self.output:
            assert time.monotonic() < deadline, self.output
            self.read_some()
        self.output = self.output.partition(_END.decode())[0]
        return self.process.returncode

    def _read(self, deadline: float, texts: Sequence[str]) -> None:
        missing = [text for text in texts if text not in self.screen]
        assert time.monotonic() < deadline, (missing, self.screen)
        if not self.read_some(0.2) and self.process.poll() is not None:
            raise AssertionError((missing, self.output))

    def resize(self, columns: int, rows: int) -> None:
        """Give the terminal another size, as dragging its corner does."""
        fcntl.ioctl(self._slave, termios.TIOCSWINSZ,
                    struct.pack("HHHH", rows, columns, 0, 0))
        # Only a controlling terminal sends this itself.
        self.process.send_signal(signal.SIGWINCH)

    def read_some(self, seconds: float = 0.1) -> bool:
        """Read what was written by now; return whether that is anything."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        self.output += os.read(self._master, 65536).decode(errors="replace")
        return True
