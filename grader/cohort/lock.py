"""Locks the folder of a cohort's results for one process."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from grader.errors import UserError
from grader.files import remedy

NAME = ".lock"


def lock(folder: Path) -> int:
    """Make a folder this process's own, until the descriptor is closed."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        fd = _lockable(folder)
    except OSError as error:
        raise UserError(f"{folder} cannot be used: {error.strerror}",
                        remedy(error, "name another --out")) from None
    try:
        _take_lock(fd)
    except OSError:
        os.close(fd)
        raise UserError(f"another grade cohort is writing to {folder}",
                        "wait for it, or name another --out") from None
    return fd


if sys.platform == "win32":
    def _lockable(folder: Path) -> int:
        # A folder cannot be opened there.
        return os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o644)

    def _take_lock(fd: int) -> None:
        import msvcrt
        msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
else:
    def _lockable(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def _take_lock(fd: int) -> None:
        import fcntl
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
