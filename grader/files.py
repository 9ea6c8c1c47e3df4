"""Writes files atomically, and says where caches are kept.

A file is written under another name and then renamed, so that it is there
as a whole or not at all, also if the process is killed.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TextIO

from grader.errors import UserError

_FULL = (errno.ENOSPC, errno.EDQUOT) if hasattr(errno, "EDQUOT") else (
    errno.ENOSPC,)
# Errors by which a file cannot be replaced, though it can be written to: its
# folder is another user's, or the file is a mount of its own.
_KEPT = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV)


@contextmanager
def replacing(path: Path) -> Iterator[TextIO]:
    """Open a text file that replaces `path` at the end of the block.

    If the block raises, `path` stays as it was.
    """
    with _beside(path) as temporary:
        with temporary.open("x", encoding="utf-8", newline="") as file:
            yield file
            settle(file)


def write(path: Path, content: bytes, *, executable: bool = False) -> None:
    """Write a file atomically; raises OSError about `path`.

    A link is followed. Into a pipe, a device and the like the content is
    written directly.
    """
    try:
        if path.exists() and not path.is_file() or path.is_relative_to(
                "/dev") or path.is_relative_to("/proc"):
            path.write_bytes(content)
            return
        _write(Path(os.path.realpath(path)), content, executable)
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from None


def _write(path: Path, content: bytes, executable: bool) -> None:
    try:
        with _beside(path) as temporary:
            with temporary.open("xb") as file:
                file.write(content)
                settle(file)
            if path.exists():
                temporary.chmod(path.stat().st_mode & 0o777)
            elif executable:
                temporary.chmod(temporary.stat().st_mode | 0o111)
    except OSError as error:
        if error.errno not in _KEPT or not path.exists():
            raise
        path.write_bytes(content)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Yield a path that does not exist and is renamed to `path` at the end.
    """
    # Cut, since the name itself may have the greatest length there is.
    temporary = path.with_name(f".{path.name[:50]}.{os.getpid()}")
    temporary.unlink(missing_ok=True)
    try:
        yield temporary
        os.replace(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def settle(file: IO[Any]) -> None:
    """Write a file to the disk; raises OSError if the disk is full.

    Without this, the error may come after the renaming, or not at all.
    """
    file.flush()
    os.fsync(file.fileno())


def sweep(path: Path) -> None:
    """Remove the temporary files that killed processes left of a file.

    Call it only where no other process writes the file now.
    """
    for left in path.parent.glob(f".{path.name[:50]}.[0-9]*"):
        with suppress(OSError):
            left.unlink()


def is_empty(path: Path) -> bool:
    """Return whether a file is empty, or does not exist."""
    try:
        return path.stat().st_size == 0
    except OSError:
        return True


def unwritable(error: OSError, path: Path | str, otherwise: str) -> UserError:
    """Return the error for a file or folder that cannot be written.

    `otherwise` is what to do about it, unless the disk is full.
    """
    return UserError(f"{path} cannot be written: {error.strerror}",
                     remedy(error, otherwise))


def remedy(error: OSError, otherwise: str) -> str:
    """Return what to do about a file that cannot be written."""
    if error.errno in _FULL:
        return "make room, and run the same command again"
    return otherwise


def cache_home() -> Path:
    """Return the folder for the grader's caches of this user."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home, "grade")
