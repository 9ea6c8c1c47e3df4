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
from grader.tree import Place, Tree, homes, walk

MAX_BYTES = 256 << 10
MAX_FILES = 120
# Names that are looked at for one that is much like the wanted one.
_MOST_NEAR = 200
# What a task can need, in any case; ".txt" is what Windows likes to add.
KINDS = (".py", ".csv", ".env", ".sql", ".py.txt")
LINK, NO_FILE = "is a symbolic link", "is not a regular file"
TOO_LARGE = f"is larger than {MAX_BYTES >> 10} KiB"
_LIKE_A_FILE, _LIKE_A_FOLDER = 0.7, 0.85


@dataclass(frozen=True, kw_only=True)
class SubmittedFile:
    """One file as it was found; `refused` says why it was not read."""

    content: bytes = b""
    refused: str | None = None
    executable: bool = False


@dataclass(frozen=True, kw_only=True)
class Submission:
    """The files of a submission by folder and name, as they were copied.

    `others` are folders that may be meant to be task folders: of those
    beside the task folders, or by their paths of all where there is none.
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
                    + _instead(task.folder, self.others, _LIKE_A_FOLDER))
        # Another number is another task, and a main is nobody's answer.
        alike = [name for name in found
                 if _number(name) == _number(task.file)
                 and not name.endswith("-main.py")]
        return f"{task.file} is not there" + _instead(
            task.file, alike, _LIKE_A_FILE)


def _instead(wanted: str, found: Iterable[str], likeness: float) -> str:
    """Ask whether a name much like the wanted one is meant to be it."""
    near = _nearest(wanted, islice(found, _MOST_NEAR), likeness)
    return f"; is {near!r} meant to be it?" if near else ""


def _nearest(wanted: str, found: Iterable[str], likeness: float) -> str:
    """Return what has a last name most like the wanted one, or "".

    What was found are names or paths.
    """
    names = {each.rpartition("/")[2].lower(): each for each in found}
    near = difflib.get_close_matches(wanted.lower(), names, 1, likeness)
    return names[near[0]] if near else ""


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
    found = survey(path, library)
    if not found.folders:
        raise _none_here(path, library, found.others)
    return found


def survey(path: Path, library: Library) -> Submission:
    """Copy what there is at a folder, which may be no task folder at all.

    Raises UserError where it cannot be read.
    """
    if path.resolve().name in (folder.name for folder in library.folders):
        path = path.resolve().parent
    try:
        return gather(Disk(path), library, path.resolve().name)
    except OSError as error:
        raise UserError(f"{error.filename} cannot be read: {error.strerror}",
                        "give yourself the right to read it") from None


def _none_here(path: Path, library: Library,
               others: Sequence[str]) -> UserError:
    """Say that there is no submission, and where there is one near."""
    names = [folder.name for folder in library.folders]
    near = homes(Disk(path))
    if near:
        todo = f"do you mean {path.joinpath(*near[0])}?"
    elif others:
        meant = _nearest(others[0].rpartition("/")[2], names, 0.0)
        todo = f"is {others[0]!r} meant to be {meant}?"
    elif path == Path():
        todo = "cd to your workspace, or write one: grade start exercises"
    else:
        todo = f"a task folder is named like {names[0]}"
    where = "this folder" if path == Path() else str(path)
    return UserError(f"{where} holds none of the task folders", todo)


def gather(tree: Tree, library: Library, name: str,
           home: Place = ()) -> Submission:
    """Copy the task folders that lie in `home`, of which there may be none.

    Raises OSError where one cannot be read.
    """
    names = [folder.name for folder in library.folders]
    present = tree.folders(home)
    there = [each for each in names if each in present]
    wanted = {folder: needed(tree.names((*home, folder)))
              for folder in there}
    files = tree.read([(*home, folder, each)
                       for folder in there for each in wanted[folder]])
    found = present if there else [
        "/".join((*place, each)) for place, inner in walk(tree)
        for each in inner]
    return Submission(
        name=name, others=_alike(found, {*names} - {*there}),
        folders={folder: {each: files[*home, folder, each]
                          for each in wanted[folder]} for folder in there})


def _alike(found: Iterable[str], absent: Iterable[str]) -> tuple[str, ...]:
    """Return which of the folders found may be meant to be one of these."""
    alike = (each for each in found if any(
        _nearest(name, [each], _LIKE_A_FOLDER) for name in absent))
    return tuple(islice(alike, _MOST_NEAR))


def needed(names: Iterable[str]) -> list[str]:
    """Return the names of the files in a folder that a task can need."""
    return sorted(name for name in names
                  if name.lower().endswith(KINDS))[:MAX_FILES]


class Disk:
    """The tree below a folder; links in it are not followed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self, place: Place) -> Sequence[str]:
        return sorted(os.listdir(self._path.joinpath(*place)))

    def folders(self, place: Place) -> Sequence[str]:
        with os.scandir(self._path.joinpath(*place)) as entries:
            return sorted(entry.name for entry in entries
                          if entry.is_dir(follow_symlinks=False))

    def read(self, places: Sequence[Place]) -> dict[Place, SubmittedFile]:
        return {place: read_file(self._path.joinpath(*place))
                for place in places}


def read_folder(path: Path) -> dict[str, SubmittedFile]:
    """Copy the files that a task can need, without following links."""
    return {name: read_file(path / name)
            for name in needed(os.listdir(path))}


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
            return SubmittedFile(refused=NO_FILE)
        with os.fdopen(os.dup(fd), "rb") as file:
            content = file.read(MAX_BYTES + 1)
    finally:
        os.close(fd)
    if len(content) > MAX_BYTES:
        return SubmittedFile(refused=TOO_LARGE)
    # Windows has no such mode, so nobody can be blamed for a missing one.
    return SubmittedFile(content=content, executable=sys.platform == "win32"
                         or bool(status.st_mode & 0o111))


def _why_not(path: Path, error: OSError) -> str:
    if path.is_symlink():
        return LINK
    return f"cannot be read: {error.strerror}"
