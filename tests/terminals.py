"""A pseudo-terminal with a program in it, to press keys and read screens."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

# Far above what is ever needed: a busy machine must not fail a test.
PATIENCE = 60.0
_COLOUR = re.compile(r"\033\[[?0-9;]*[A-Za-z]")


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
            self._read_some(0.1)
        while self._read_some(0.1):
            pass
        return self.process.returncode

    def _read(self, deadline: float, texts: Sequence[str]) -> None:
        missing = [text for text in texts if text not in self.screen]
        assert time.monotonic() < deadline, (missing, self.screen)
        if not self._read_some(0.2) and self.process.poll() is not None:
            raise AssertionError((missing, self.output))

    def _read_some(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return False
        self.output += os.read(self._master, 65536).decode(errors="replace")
        return True
