"""Intake: finds and copies a learner's files, and parses nothing.

Real repositories hold whole virtual environments, so only the files right
in a task folder are read, and of those only what a task can need.
"""

from __future__ import annotations

import difflib
import os
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from grader.errors import UserError
from grader.library import Library, Task

MAX_BYTES = 256 << 10
MAX_FILES = 120
# Names that are looked at for one that is much like the wanted one.
_MOST_NEAR = 200
# What a task can need; ".txt" is what Windows likes to add.
_NEEDED = (".py", ".csv", ".env", ".sql", ".py.txt")


@dataclass(frozen=True, kw_only=True)
class SubmittedFile:
    """One file as it was found; `refused` says why it was not read."""

    content: bytes = b""
    refused: str | None = None
    executable: bool = False


@dataclass(frozen=True, kw_only=True)
class Submission:
    """The files of a submission by folder and name, as they were copied.

    `others` are the names of the other folders beside the task folders.
    """

    name: str
    folders: Mapping[str, Mapping[str, SubmittedFile]]
    others: tuple[str, ...] = ()

    def file(self, task: Task) -> SubmittedFile | None:
        """Return the file that a task asks for, if it is there."""
        return self.folders.get(task.folder, {}).get(task.file)

    def text(self, task: Task) -> str:
        """Return the text of a task's file as far as it is text."""
        file = self.file(task)
        return file.content.decode("utf-8", "replace") if file else ""

    def is_blank(self, task: Task) -> bool:
        """Tell whether a file is still what the statement hands over."""
        file = self.file(task)
        return file is not None and file.refused is None and (
            file.content.split() in ([], task.starter.encode().split()))

    def contents(self, folder: str) -> dict[str, bytes]:
        """Return what was read of a folder's files."""
        return {name: file.content
                for name, file in self.folders.get(folder, {}).items()
                if file.refused is None}

    def missing(self, task: Task) -> str:
        """Say that a task's file is missing, and what is there instead."""
        found = self.folders.get(task.folder)
        if found is None:
            return (f"the folder {task.folder} is not there"
                    + _instead(task.folder, self.others, 0.85))
        # Another number is another task, and a main is nobody's answer.
        alike = [name for name in found
                 if _number(name) == _number(task.file)
                 and not name.endswith("-main.py")]
        return f"{task.file} is not there" + _instead(task.file, alike, 0.7)


def _instead(wanted: str, found: Iterable[str], likeness: float) -> str:
    """Ask whether a name much like the wanted one is meant to be it."""
    names = {name.lower(): name for name in islice(found, _MOST_NEAR)}
    near = difflib.get_close_matches(wanted.lower(), names, 1, likeness)
    return f"; is {names[near[0]]!r} meant to be it?" if near else ""


def _number(name: str) -> str:
    return name[:len(name) - len(name.lstrip("0123456789"))]


def collect(path: Path, library: Library) -> Submission:
    """Copy the submission at `path`; raises UserError if there is none."""
    if not path.exists():
        raise UserError(f"{path} is neither a folder nor a task",
                        "name the folder of a submission, or a task as in "
                        "0x00/2")
    if not path.is_dir():
        raise UserError(f"{path} is a file",
                        "name the folder that holds the task folders")
    names = [folder.name for folder in library.folders]
    if path.resolve().name in names:
        path = path.resolve().parent
    try:
        present = [entry.name for entry in os.scandir(path)
                   if entry.is_dir(follow_symlinks=False)]
        folders = {name: read_folder(path / name) for name in names
                   if name in present}
    except OSError as error:
        raise UserError(f"{error.filename} cannot be read: {error.strerror}",
                        "give yourself the right to read it") from None
    if not folders:
        raise _none_here(path, names)
    return Submission(name=path.resolve().name, folders=folders,
                      others=tuple(sorted({*present} - {*names})))


def _none_here(path: Path, names: Sequence[str]) -> UserError:
    """Say that there is no submission, and where there is one near."""
    try:
        near = sorted(each.name for each in path.iterdir()
                      if any((each / name).is_dir() for name in names))
    except OSError:
        near = []
    if near:
        todo = f"do you mean {path / near[0]}?"
    elif path == Path():
        todo = "cd to your workspace, or write one: grade start exercises"
    else:
        todo = f"a task folder is named like {names[0]}"
    where = "this folder" if path == Path() else str(path)
    return UserError(f"{where} holds none of the task folders", todo)


def read_folder(path: Path) -> dict[str, SubmittedFile]:
    """Copy the files that a task can need, without following links."""
    found = sorted(entry.name for entry in os.scandir(path)
                   if entry.name.endswith(_NEEDED))
    return {name: read_file(path / name) for name in found[:MAX_FILES]}


def read_file(path: Path) -> SubmittedFile:
    """Copy one file by descriptor, so that it cannot change under us."""
    try:
        # Opening a FIFO would wait for a writer, hence O_NONBLOCK.
        fd = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)
                     | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        return SubmittedFile(refused=_why_not(path, error))
    try:
        status = os.fstat(fd)
        if not stat.S_ISREG(status.st_mode):
            return SubmittedFile(refused="is not a regular file")
        with os.fdopen(os.dup(fd), "rb") as file:
            content = file.read(MAX_BYTES + 1)
    finally:
        os.close(fd)
    if len(content) > MAX_BYTES:
        return SubmittedFile(
            refused=f"is larger than {MAX_BYTES >> 10} KiB")
    # Windows has no such mode, so nobody can be blamed for a missing one.
    return SubmittedFile(content=content, executable=sys.platform == "win32"
                         or bool(status.st_mode & 0o111))


def _why_not(path: Path, error: OSError) -> str:
    if path.is_symlink():
        return "is a symbolic link"
    return f"cannot be read: {error.strerror}"
