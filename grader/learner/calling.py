"""Words commands that work in the learner's shell, for texts to copy."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

_MODULE = "__main__.py"


def alias(called: str) -> str:
    """Return the command that makes `grade` known to a shell.

    It is "" where the shell finds the very same one already. `called` is
    the program's name as Python has it, sys.argv[0].
    """
    ours = os.path.realpath(shutil.which(called) or called)
    found = shutil.which("grade")
    # uvx puts a program on PATH only for the time that it runs.
    if found and os.path.realpath(found) == ours and "UV" not in os.environ:
        return ""
    if os.path.basename(ours) == _MODULE:
        words = [sys.executable, "-m", "grader"]
    else:
        words = [os.path.abspath(shutil.which(called) or called)]
    if sys.platform == "win32":
        return f"doskey grade={subprocess.list2cmdline(words)} $*"
    return f"alias grade={shlex.quote(shlex.join(words))}"


def way_to(root: Path) -> str:
    """Return the command that goes to a folder; "" for the one we are in.
    """
    if root.resolve() == Path().resolve():
        return ""
    if sys.platform == "win32":
        return f"cd {subprocess.list2cmdline([str(root)])}"
    return f"cd {shlex.quote(str(root))}"
