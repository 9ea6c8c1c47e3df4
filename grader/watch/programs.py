"""The programs that `watch` starts: the learner's editor, and a main."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.errors import UserError

# For learners who have set no editor; each is easy to leave.
_EDITORS = ("nano", "micro", "notepad")
_PLUS_LINE = {"vi", "vim", "nvim", "nano", "micro", "emacs", "kak", "joe"}
_WITH_GOTO = {"code", "codium", "cursor"}


def editor(path: Path, line: int | None) -> list[str]:
    """Return the words that open a file in the learner's editor.

    Raises UserError where none is known.
    """
    chosen = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(chosen, posix=sys.platform != "win32")
    except ValueError:
        raise UserError(f"{chosen!r} is no command of an editor",
                        "set EDITOR to one, as in export EDITOR=nano"
                        ) from None
    if not words:
        words = [each for each in map(shutil.which, _EDITORS) if each][:1]
    if not words:
        raise UserError("no editor is known",
                        "export EDITOR=nano, say, and start watch again")
    name = Path(words[0]).stem
    if line and name in _PLUS_LINE:
        return [*words, f"+{line}", str(path)]
    if line and name in _WITH_GOTO:
        return [*words, "-g", f"{path}:{line}"]
    return [*words, str(path)]


def call(words: Sequence[str], folder: Path) -> int:
    """Run a program in a folder, in the foreground; return its status.

    Raises UserError where there is no such program.
    """
    try:
        return subprocess.call(words, cwd=folder)
    except OSError as error:
        raise UserError(f"{words[0]} cannot be started: {error.strerror}",
                        "set EDITOR to a program that is there") from None


def wait_for_enter(status: int) -> None:
    """Leave what a program printed on the screen until it is read."""
    ended = "" if not status else f" It ended with exit status {status}."
    print(f"\n--{ended} Press Enter to go back to watch. ", end="",
          flush=True)
    # By descriptor: nothing may stay behind in a buffer.
    while (data := os.read(sys.stdin.fileno(), 1024)) and (
            b"\n" not in data and b"\r" not in data):
        pass
