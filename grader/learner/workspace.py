"""Writes a learner's workspace, for `grade start`.

It holds statements, mains, given files and starters; the answers, suites,
hints and props stay in the library.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader import files
from grader.errors import UserError
from grader.learner import guide, progress
from grader.library.library import GUIDE, STATEMENTS, Folder, Library, spoken
from grader.library.locate import holds_task_folders
from grader.submission.submission import Disk
from grader.submission.tree import task_folders


@dataclass(frozen=True, kw_only=True)
class Written:
    """What was added, and what was there already and left alone."""

    root: Path
    added: tuple[str, ...]
    kept: tuple[str, ...]


def start(root: Path, library: Library) -> Written:
    """Write what is missing of a workspace; nothing is ever overwritten.

    Raises UserError where a workspace does not belong.
    """
    _refuse_wrong_place(root, library)
    added: list[str] = []
    kept: list[str] = []
    try:
        for name, content in contents(library, called(root, library)):
            (added if _add(root / name, content) else kept).append(name)
        if not progress.is_kept(root):
            progress.save(root, progress.Progress())
    except OSError as error:
        raise files.unwritable(error, error.filename or root,
                               "name another folder") from None
    return Written(root=root, added=tuple(added), kept=tuple(kept))


def called(root: Path, library: Library) -> dict[str, str]:
    """Return what the task folders are called that are there already."""
    if not root.is_dir():
        return {}
    there = task_folders(Disk(root), (), library.names)
    return {folder: names[0] for folder, names
            in library.names.fitting(there).items()}


def contents(library: Library, names: Mapping[str, str] = {}
             ) -> Iterator[tuple[str, bytes]]:
    """Yield the path and content of every file of a workspace.

    `names` are those of folders that are not called as in the library.
    """
    yield STATEMENTS, guide.text(
        library, course(library), spoken(library)).encode()
    for folder in library.folders:
        for name, content in files_of(folder).items():
            yield f"{names.get(folder.name, folder.name)}/{name}", content


def course(library: Library) -> str:
    """Return what a course has to say of itself, if it has: Markdown."""
    try:
        return (library.root / GUIDE).read_text("utf-8")
    except FileNotFoundError:
        return ""


def files_of(folder: Folder) -> dict[str, bytes]:
    """Return what a workspace holds of a folder: content by name."""
    handed_over = (STATEMENTS, *(task.main for task in folder.tasks),
                   *folder.given)
    files = {name: (folder.path / name).read_bytes() for name in handed_over
             if (folder.path / name).is_file()}
    for task in folder.tasks:
        files.setdefault(task.file, task.starter.encode())
    return files


def _add(path: Path, content: bytes) -> bool:
    if os.path.lexists(path):
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    # Not copied from the library: a wheel may have lost the bits.
    files.write(path, content, executable=content.startswith(b"#!"))
    return True


def _refuse_wrong_place(root: Path, library: Library) -> None:
    if root.exists() and not root.is_dir():
        raise UserError(f"{root} is a file", "name a new folder")
    here = root.resolve()
    if library.root in (here, *here.parents) and here.name in (
            library.root.name, *library.names.all):
        raise UserError(f"{root} is the library itself",
                        "name a new folder elsewhere")
    around = next(filter(progress.is_kept, here.parents), None)
    if around and not progress.is_kept(root) and (
            holds_task_folders(around, library.names)):
        raise UserError(f"{root} is in the workspace {around}",
                        "grade start . there adds what it lacks")
    try:
        found = {entry.name for entry in root.iterdir()} if (
            root.exists()) else set()
    except OSError as error:
        raise UserError(f"{root} cannot be read: {error.strerror}",
                        "name another folder") from None
    if found and not found & {".git", progress.STATE} and (
            not holds_task_folders(root, library.names)):
        raise UserError(
            f"{root} holds other things already",
            "name a new folder, or one that is empty or a git repository")
