"""The folder of a run that has no file system of its own to bound it.

What a run leaves there may be as deep, as closed and as large as the
limits of a process allow, so none of this goes by long paths.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from grader.inside.limits import ENTRIES

assert sys.platform != "win32"

# No exercise nests folders that deep.
_DEEPEST = 32
_BLOCK = 512
_OPEN = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


@contextmanager
def folder() -> Iterator[str]:
    """Make a folder that only this user can enter, and remove it."""
    path = tempfile.mkdtemp(prefix="grade-")
    try:
        yield path
    finally:
        remove(path)


def is_outgrown(path: str, megabytes: int) -> bool:
    """Tell whether a folder in use holds more than a run may keep.

    That is ENTRIES files and folders, or that many megabytes of blocks. A
    folder that cannot be looked into counts as too much.
    """
    try:
        entries, blocks = _measure(os.open(path, _OPEN), 0)
    except FileNotFoundError:
        return False  # something was just taken away
    except OSError:
        return True
    return entries > ENTRIES or blocks * _BLOCK > megabytes << 20


def _measure(folder: int, depth: int) -> tuple[int, int]:
    """Return the entries and blocks below an open folder, and close it."""
    entries = blocks = 0
    try:
        for entry in os.scandir(folder):
            status = entry.stat(follow_symlinks=False)
            entries, blocks = entries + 1, blocks + status.st_blocks
            if entries > ENTRIES or depth > _DEEPEST:
                return ENTRIES + 1, blocks
            if stat.S_ISDIR(status.st_mode):
                more = _measure(os.open(entry.name, _OPEN, dir_fd=folder),
                                depth + 1)
                entries, blocks = entries + more[0], blocks + more[1]
    finally:
        os.close(folder)
    return entries, blocks


def main(argv: list[str]) -> None:
    """Run as: scratch FOLDER; removes the folder."""
    remove(argv[0])


def remove(path: str) -> None:
    """Remove the folder with all that is in it; no process uses it any more.

    Moves the working folder of this process.
    """
    try:
        os.chmod(path, 0o700)
        os.chdir(path)
        _empty()
        os.chdir("/")
        os.rmdir(path)
    except OSError:
        # Strays are still at work in it: what can be had must do.
        os.chdir("/")
        with suppress(RecursionError):
            shutil.rmtree(path, ignore_errors=True)


def _empty() -> None:
    """Empty the working folder from below, one folder at a time."""
    above: list[tuple[str, os.stat_result]] = []
    left = [_unlink_files()]
    while True:
        if left[-1]:
            name = left[-1].pop()
            here = os.stat(".")
            _enter(name)
            above.append((name, here))
            left.append(_unlink_files())
        elif above:
            name, here = above.pop()
            os.chdir("..")
            if not os.path.samestat(os.stat("."), here):
                raise OSError("a folder was moved away")
            os.rmdir(name)
            left.pop()
        else:
            return


def _enter(name: str) -> None:
    os.chmod(name, 0o700)
    folder = os.open(name, _OPEN)
    try:
        os.fchdir(folder)
    finally:
        os.close(folder)


def _unlink_files() -> list[str]:
    """Remove what is no folder from the working folder; name the rest."""
    folders = []
    with os.scandir() as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                folders.append(entry.name)
            else:
                os.unlink(entry.name)
    return folders
