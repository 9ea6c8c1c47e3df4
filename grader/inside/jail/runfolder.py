"""The temporary folder of a run in the tiers "reduced" and "none".

There the run has no small file system of its own, so the folder is measured
and removed from here. A run may leave folders nested beyond the longest
path, or without permissions; so everything works with descriptors and the
working folder, never with long paths.
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
    """Return whether a folder holds more than ENTRIES files and folders.

    Or blocks of more than the megabytes given. A folder that cannot be
    read counts as too much.
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
    """Remove the folder argv[0]."""
    remove(argv[0])


def remove(path: str) -> None:
    """Remove a folder of a run that has ended, with all that is in it.

    Changes the working folder of this process.
    """
    try:
        os.chmod(path, 0o700)
        os.chdir(path)
        _empty()
        os.chdir("/")
        os.rmdir(path)
    except OSError:
        # Processes that the run left behind still write in it: remove what
        # can be removed.
        os.chdir("/")
        with suppress(RecursionError):
            shutil.rmtree(path, ignore_errors=True)


def _empty() -> None:
    """Empty the working folder, the deepest folders first.

    `above` are the folders around the current one, `left` the names of the
    folders still to be removed, on each level down to it.
    """
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
            # A process that is left may move a folder meanwhile, and ".."
            # is then a folder outside of the run's.
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
