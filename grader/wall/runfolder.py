"""The temporary folder of a run in a newly started Python.

The module of that name inside the jail does the same for forked runs. This
one works on Windows, and in a process with threads, which must not change
its working folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from grader.inside.limits import ENTRIES
from grader.wall import unixuser
from grader.wall.interpreter import inside_argv
from grader.wall.unixuser import NOBODY, RunsAs


@contextmanager
def for_run() -> Iterator[Path]:
    """Make a folder that only the run can enter; remove it at the end."""
    path = Path(tempfile.mkdtemp(prefix="grade-"))
    try:
        if sys.platform != "win32" and unixuser.unwalled() in (
                RunsAs.NOBODY, RunsAs.READER):
            # Root's runs become this user, by jail.drop_root.
            os.chown(path, NOBODY, NOBODY)
        yield path
    finally:
        _remove(path)


def is_outgrown(path: Path, megabytes: int) -> bool:
    """Return whether a folder holds more than ENTRIES files and folders.

    Or more than the megabytes given. A folder that cannot be read does not
    count: on Windows that happens while it is being removed.
    """
    entries = size = 0
    left = [str(path)]
    while left:
        with suppress(OSError), os.scandir(left.pop()) as found:
            for entry in found:
                entries += 1
                if entry.is_dir(follow_symlinks=False):
                    left.append(entry.path)
                else:
                    size += entry.stat(follow_symlinks=False).st_size
                if entries > ENTRIES or size > megabytes << 20:
                    return True
    return False


def _remove(path: Path) -> None:
    # rmtree gives up on folders nested very deeply, and on those without
    # permissions. The jail's own removal changes the working folder, so it
    # gets a process of its own.
    with suppress(RecursionError):
        shutil.rmtree(path, ignore_errors=True)
    if sys.platform != "win32" and path.exists():
        subprocess.run(inside_argv("grader.inside.jail.runfolder:main",
                                   [str(path)], walled=False),
                       stderr=subprocess.DEVNULL)
