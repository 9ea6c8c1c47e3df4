"""The work of `grade run`: runs a numbered main with the grader's Python.

The grader's Python has the packages that tasks need. `./0-main.py` starts
the system's Python, which may lack them.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.errors import UserError
from grader.library.foldernames import FolderNames
from grader.library.library import Task
from grader.library.locate import folder_of
from grader.terminal import printable


def command(root: Path, tasks: Sequence[Task],
            names: FolderNames) -> tuple[list[str], Path]:
    """Return the words that run the main of one task, and where to.

    Raises UserError where several tasks are meant or there is no main.
    """
    if len(tasks) != 1:
        raise UserError(f"{tasks[0].folder} has {len(tasks)} tasks",
                        f"name one of them, as in {tasks[0].short}")
    task, = tasks
    folder = folder_of(root, task.folder, names)
    if not (folder / task.main).is_file():
        raise UserError(
            f"{printable(str(folder / task.main))} is not there",
            "grade start . adds it, in the folder of your workspace")
    return [sys.executable, task.main], folder


def run(words: Sequence[str], folder: Path) -> int:
    """Become that program; where there is no such thing, wait for it.

    Returns its exit status, that of a shell for one that a signal ends.
    """
    sys.stdout.flush()
    if sys.platform != "win32":
        os.chdir(folder)
        os.execv(words[0], list(words))
    old = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.call(words, cwd=folder)
    finally:
        signal.signal(signal.SIGINT, old)
