"""Prepares and locks the data folder of a private MariaDB."""

from __future__ import annotations

import fcntl
import os
import pwd
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from grader.errors import UserError
from grader.learner import progress
from grader.library.foldernames import FolderNames
from grader.library.locate import holds_task_folders, root_of

assert sys.platform != "win32"

HIDDEN = ".mysql"
MARK = ".gitignore"
MARKED = b"# grade mysql keeps a database here, which is not for git.\n*\n"
# The users that root starts a server as: Debian's own one, or nobody.
_POWERLESS = ("mysql", "nobody")


class FolderUnusable(UserError):
    """No server can keep its data in this folder."""

    def __init__(self, folder: Path, why: str,
                 todo: str = "name another folder: grade mysql DIR") -> None:
        super().__init__(f"{folder} cannot hold a database: {why}", todo)


@dataclass(frozen=True, kw_only=True)
class Datadir:
    """An open folder: its log file, and the user that the server runs as."""

    path: Path
    output: IO[bytes]
    owner: int | None = None
    group: int | None = None

    @property
    def log(self) -> Path:
        return log_of(self.path)

    @property
    def pid(self) -> Path:
        return self.path / "server.pid"


def log_of(folder: Path) -> Path:
    return folder / "server.log"


def choose(path: Path | None, known: FolderNames) -> Path:
    """Return the data folder: that of the workspace, or the one named."""
    root = root_of(path or Path(), known)
    if path is None or progress.is_kept(root) or (
            holds_task_folders(root, known)):
        return root / HIDDEN
    return path


@contextmanager
def open_datadir(folder: Path) -> Iterator[Datadir]:
    """Make a folder ready for a server; its log is locked while one runs.

    Raises FolderUnusable, and takes no folder that holds other things.
    """
    folder = folder.resolve()
    try:
        _take(folder)
        with log_of(folder).open("ab") as output:
            _lock(folder, output)
            output.truncate(0)
            owner, group = _hand_over(folder)
            yield Datadir(path=folder, output=output, owner=owner,
                          group=group)
    except OSError as error:
        raise FolderUnusable(folder, error.strerror or str(error)) from None


def _take(folder: Path) -> None:
    if folder.is_file():
        raise FolderUnusable(folder, "it is a file")
    folder.mkdir(parents=True, exist_ok=True)
    mark = folder / MARK
    if mark.is_file() and mark.read_bytes() == MARKED:
        return
    if any(folder.iterdir()):
        raise FolderUnusable(folder, "it holds other things already")
    mark.write_bytes(MARKED)


def _lock(folder: Path, output: IO[bytes]) -> None:
    """Hold the log; the server that inherits it holds it to its end."""
    try:
        fcntl.flock(output, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        try:
            number = (folder / "server.pid").read_text().strip()
        except OSError:
            number = "that is just starting"
        raise FolderUnusable(
            folder, f"a server runs on it already, process {number}",
            "use that server, or stop it first") from None


def _hand_over(folder: Path) -> tuple[int, int] | tuple[None, None]:
    """As root, give the folder to a user without rights; return the user."""
    if os.geteuid() != 0:
        return None, None
    for name in _POWERLESS:
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        if not all(_may_enter(user.pw_uid, path) for path in folder.parents):
            raise FolderUnusable(
                folder, f"root starts the server as {name}, who cannot get "
                "there", "name a folder that everybody can get to, or do "
                "not call it as root")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid, follow_symlinks=False)
        return user.pw_uid, user.pw_gid
    return None, None


def _may_enter(user: int, folder: Path) -> bool:
    status = folder.stat()
    return bool(status.st_mode & (
        stat.S_IXUSR if status.st_uid == user else stat.S_IXOTH))
