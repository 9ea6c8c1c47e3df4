"""The folder of a run that is no fork: made, looked at and removed here.

Unlike its namesake inside the jail this works on Windows, and in a process
that has threads, whose working folder must stay where it is.
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
    """Make a folder that the run alone can enter, and remove it."""
    path = Path(tempfile.mkdtemp(prefix="grade-"))
    try:
        if sys.platform != "win32" and unixuser.unwalled() in (
                RunsAs.NOBODY, RunsAs.READER):
            # The user that jail.drop_root makes of root.
            os.chown(path, NOBODY, NOBODY)
        yield path
    finally:
        _remove(path)


def is_outgrown(path: Path, megabytes: int) -> bool:
    """Tell whether a folder in use holds more than a run may keep.

    That is ENTRIES files and folders, or that many megabytes. What cannot
    be looked into does not count: on Windows it may just be going away.
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
    # Deep folders make it give up, and those that were closed.
    with suppress(RecursionError):
        shutil.rmtree(path, ignore_errors=True)
    if sys.platform != "win32" and path.exists():
        subprocess.run(inside_argv("grader.inside.jail.runfolder:main",
                                   [str(path)], walled=False),
                       stderr=subprocess.DEVNULL)
