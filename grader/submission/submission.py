"""Finds the task folders of a submission and copies their files.

Only files that a task can need are read: see grader.submission.neededfiles.
"""

from __future__ import annotations

import difflib
import os
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from grader.errors import UserError
from grader.findings.untrusted import text as printable
from grader.library.foldernames import FolderNames
from grader.library.library import Folder, Library, Task
from grader.library.locate import is_task_folder
from grader.submission import notfound
from grader.submission.file import SubmittedFile
from grader.submission.neededfiles import (
    KINDS, find_files, kinds_of, most_needed_first)
from grader.submission.tree import Place, Tree, task_folders, walk

MAX_BYTES = 256 << 10
MAX_FILES = 120
# The most names that are compared with a missing one, for a suggestion.
_MOST_NEAR = 200
# The most files over MAX_FILES whose names are kept.
_MOST_UNREAD = 1000
# The most names that a message lists.
_MOST_NAMED = 5
LINK, NO_FILE = "is a symbolic link", "is not a regular file"
LEADS_OUT = f"{LINK} that leads out of the submission"
LEADS_NOWHERE = f"{LINK} that leads to no folder"
TOO_LARGE = f"is larger than {MAX_BYTES >> 10} KiB"
_TOO_MANY = f"was not read: its folder holds more than {MAX_FILES} files"
_LIKE_A_FILE, _LIKE_A_FOLDER = 0.7, 0.85


@dataclass(frozen=True, kw_only=True)
class Submission:
    """The copied files of a submission, by folder and name.

    A folder has the library's name, and a file in a package a path, such as
    "lib/sums.py". `refused` maps folders that were not read to the reason.
    `found` maps folders to their names in the submission, where these
    differ, and `spare` to other names that would fit as well. `others` are
    folders with names similar to those of missing task folders. `seen` are
    the names of all entries, if there is no task folder.
    """

    name: str
    folders: Mapping[str, Mapping[str, SubmittedFile]]
    refused: Mapping[str, str] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)
    spare: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def absent(self, tasks: Iterable[Task]) -> tuple[str, ...]:
        """Return the folders of these tasks that are not there."""
        return tuple(dict.fromkeys(
            task.folder for task in tasks if task.folder not in
            (self.folders.keys() | self.refused.keys())))

    def present(self, tasks: Sequence[Task]) -> tuple[Task, ...]:
        """Return the tasks whose folders are there, also refused ones."""
        absent = self.absent(tasks)
        return tuple(task for task in tasks if task.folder not in absent)

    def file(self, task: Task) -> SubmittedFile | None:
        """Return the file of a task, None if it is not there."""
        return self.folders.get(task.folder, {}).get(task.file)

    def has(self, task: Task) -> bool:
        """Return whether a task's file was handed in and could be read."""
        file = self.file(task)
        return file is not None and file.refused is None

    def place(self, task: Task) -> str:
        """Return the path of a task's file, as the submission has it."""
        return f"{self.found.get(task.folder, task.folder)}/{task.file}"

    def text(self, task: Task) -> str:
        """Return a task's file as text; bytes that are none are replaced."""
        file = self.file(task)
        return file.content.decode("utf-8", "replace") if file else ""

    def is_blank(self, task: Task) -> bool:
        """Return whether a file is still what the statement hands over."""
        file = self.file(task)
        return file is not None and file.refused is None and (
            file.content.split() in ([], task.starter.encode().split()))

    def contents(self, folder: str) -> dict[str, bytes]:
        """Return the contents of a folder's files by name, but no refused
        ones."""
        return {name: file.content
                for name, file in self.folders.get(folder, {}).items()
                if file.refused is None}

    def unread(self, folder: str, message: str) -> str:
        """Return why a file that a message misses was not read, or "".

        The text is to be added to the message.
        """
        for name, file in self.folders.get(folder, {}).items():
            if file.refused is not None and _is_about(message, name):
                return f"; {name} {file.refused}"
        return ""

    def missing(self, task: Task) -> str:
        """Return a sentence: the task's file is missing, what is there."""
        if task.folder in self.refused:
            return f"the folder {task.folder} {self.refused[task.folder]}"
        there = self.folders.get(task.folder)
        if there is None:
            return (f"the folder {task.folder} is not there" + (
                _instead(task.folder, self.others, _LIKE_A_FOLDER)
                or self._all_there_is()))
        # Another number is another task, and a main is no answer.
        alike = [name for name in there
                 if _number(_last(name)) == _number(_last(task.file))
                 and not name.endswith("-main.py")]
        return f"{task.file} is not there" + _instead(
            task.file, alike, _LIKE_A_FILE)

    def _all_there_is(self) -> str:
        """Return the names of a few entries where no task folder is found.
        """
        if self.folders or self.refused:
            return ""
        more = len(self.seen) - _MOST_NAMED
        named = ", ".join(map(printable, self.seen[:_MOST_NAMED]))
        return (f"; there is {named}" + f" and {more} more" * (more > 0)
                if self.seen else "; there is nothing at all")


def _is_about(message: str, name: str) -> bool:
    """Return whether a message misses a file, by its name or as a module."""
    module = name.removesuffix(".py").removesuffix("/__init__")
    return _last(name) in message or (
        f"it needs {module.replace('/', '.')}, " in message)


def _instead(wanted: str, found: Iterable[str], likeness: float) -> str:
    """Return a question after the most similar name, or ""."""
    near = _nearest(wanted, islice(found, _MOST_NEAR), likeness)
    return f"; is {near!r} meant to be it?" if near else ""


def _nearest(wanted: str, found: Iterable[str], likeness: float) -> str:
    """Return the path whose last name is most similar, or "".

    Of two paths with the same last name the first one counts.
    """
    names: dict[str, str] = {}
    for each in found:
        names.setdefault(_last(each).lower(), each)
    near = difflib.get_close_matches(_last(wanted).lower(), names, 1,
                                     likeness)
    return names[near[0]] if near else ""


def _last(path: str) -> str:
    return path.rpartition("/")[2]


def _number(name: str) -> str:
    return name[:len(name) - len(name.lstrip("0123456789"))]


def collect(path: Path, library: Library) -> Submission:
    """Copy the submission at `path`; raises UserError if there is none."""
    if not path.exists():
        raise UserError(f"{path} is neither a folder nor a task",
                        "name the folder of a submission, or a task as in "
                        f"{library.tasks[0].short}")
    if not path.is_dir():
        raise UserError(f"{path} is a file",
                        "name the folder that holds the task folders")
    found = survey(path, library)
    if not found.folders and not found.refused:
        raise notfound.no_submission(path, Disk(path), library, found.others)
    return found


def survey(path: Path, library: Library) -> Submission:
    """Copy the task folders at a path, of which there may be none.

    The path may also be a task folder itself. Raises UserError where a
    folder cannot be read.
    """
    if is_task_folder(path.resolve(), library.names):
        path = path.resolve().parent
    try:
        return gather(Disk(path), library, path.resolve().name)
    except OSError as error:
        raise UserError(f"{error.filename} cannot be read: {error.strerror}",
                        "give yourself the right to read it") from None


def gather(tree: Tree, library: Library, name: str) -> Submission:
    """Copy the task folders in a tree, of which there may be none.

    Raises OSError where one cannot be read.
    """
    fitting = library.names.fitting(task_folders(tree, (), library.names))
    places, refused = _places(tree, {
        folder: names[0] for folder, names in fitting.items()})
    present = tree.folders(())
    inside = present if places else [
        "/".join((*place, each)) for place, inner in walk(
            tree, library.names) for each in inner]
    absent = {each.name for each in library.folders} - {*places, *refused}
    return Submission(
        name=name, folders=_read(tree, library, places), refused=refused,
        others=_alike(inside, absent),
        seen=() if places else tuple(tree.names(())),
        found={folder: names[0] for folder, names in fitting.items()
               if names[0] != folder},
        spare={folder: tuple(names[1:]) for folder, names in fitting.items()
               if names[1:]})


def _places(tree: Tree, taken: Mapping[str, str]
            ) -> tuple[dict[str, Place], dict[str, str]]:
    """Return the places of the task folders, and why others are refused.
    """
    places: dict[str, Place] = {}
    refused: dict[str, str] = {}
    present = tree.folders(())
    for folder, name in taken.items():
        place = (name,)
        leads = place if name in present else tree.linked(place)
        if isinstance(leads, str):
            refused[folder] = leads
        elif leads is not None:
            places[folder] = leads
    return places, refused


def _read(tree: Tree, library: Library, places: Mapping[str, Place]
          ) -> dict[str, dict[str, SubmittedFile]]:
    """Copy the files of the task folders.

    All folders with few files are read in one call, since an archive is
    opened again for each; the others are read in parts.
    """
    names = {folder: find_files(tree, place, kinds_of(library.folder(folder)))
             for folder, place in places.items()}
    few = [folder for folder in places if len(names[folder]) <= MAX_FILES]
    files = tree.read([_at(places[folder], name)
                       for folder in few for name in names[folder]])
    return {folder: {name: files[_at(place, name)]
                     for name in names[folder]} if folder in few
            else _read_most_needed(tree, place, names[folder],
                                   library.folder(folder))
            for folder, place in places.items()}


def _read_most_needed(tree: Tree, place: Place, names: Sequence[str],
                      folder: Folder) -> dict[str, SubmittedFile]:
    """Copy MAX_FILES files of a folder, the most needed first.

    The others are refused.
    """
    files: dict[str, SubmittedFile] = {}
    for batch in most_needed_first(
            names, [task.file for task in folder.tasks],
            lambda name: tree.size(_at(place, name)),
            lambda name: files[name].content):
        room = MAX_FILES - len(files)
        read = tree.read([_at(place, name) for name in batch[:room]])
        files |= {name: read[_at(place, name)] for name in batch[:room]}
        files |= {name: SubmittedFile(refused=_TOO_MANY)
                  for name in batch[room:room + _MOST_UNREAD]}
    return dict(sorted(files.items()))


def _at(place: Place, name: str) -> Place:
    return (*place, *name.split("/"))


def _alike(found: Iterable[str], absent: Iterable[str]) -> tuple[str, ...]:
    """Return the folders whose names are similar to an absent one."""
    alike = (each for each in found if any(
        _nearest(name, [each], _LIKE_A_FOLDER) for name in absent))
    return tuple(islice(alike, _MOST_NEAR))


class Disk:
    """The tree below a folder of the disk; links are never followed."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def names(self, place: Place) -> Sequence[str]:
        return sorted(os.listdir(self._path.joinpath(*place)))

    def folders(self, place: Place) -> Sequence[str]:
        with os.scandir(self._path.joinpath(*place)) as entries:
            return sorted(entry.name for entry in entries
                          if entry.is_dir(follow_symlinks=False))

    def linked(self, place: Place) -> Place | str | None:
        path = self._path.joinpath(*place)
        if not path.is_symlink():
            return None
        real = Path(os.path.realpath(path))
        root = os.path.realpath(self._path)
        if not real.is_relative_to(root):
            return LEADS_OUT
        if not real.is_dir():
            return LEADS_NOWHERE
        return real.relative_to(root).parts

    def size(self, place: Place) -> int:
        try:
            return os.lstat(self._path.joinpath(*place)).st_size
        except OSError:
            return 0

    def read(self, places: Sequence[Place]) -> dict[Place, SubmittedFile]:
        return {place: read_file(self._path.joinpath(*place))
                for place in places}


def read_folder(path: Path, kinds: tuple[str, ...] = KINDS
                ) -> dict[str, SubmittedFile]:
    """Return the needed files of a task folder, by name."""
    return {name: read_file(path / name)
            for name in find_files(Disk(path), (), kinds)}


def read_file(path: Path) -> SubmittedFile:
    """Return the content of one file, or why it is refused.

    It is checked by its descriptor, so that it cannot be replaced by a
    link between the check and the reading.
    """
    try:
        # Without O_NONBLOCK, opening a FIFO waits for a writer.
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
    # Windows has no exec bit, so no learner is blamed for a missing one.
    return SubmittedFile(content=content, executable=sys.platform == "win32"
                         or bool(status.st_mode & 0o111))


def _why_not(path: Path, error: OSError) -> str:
    if path.is_symlink():
        return LINK
    return f"cannot be read: {error.strerror}"
