"""Folders and files of a submission, on a disk or in an archive.

Where the task folders of a submission lie is found the same way in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from grader.library.foldernames import FolderNames
from grader.submission.file import SubmittedFile

# The names on the way to a folder or a file.
Place = tuple[str, ...]
# How far below a path people keep their task folders: a repository in a
# folder of its own name, in that of its owner, in that of a learning
# platform. A whole disk is not searched for them.
DEEPEST = 6
_MOST_FOLDERS = 1000
# What macOS adds to archives looks like the folders packed.
_SHADOWS = ("__MACOSX",)


class Tree(Protocol):
    """What lies where; raises OSError where a folder cannot be read."""

    def names(self, place: Place) -> Sequence[str]:
        """Return the sorted names of all that lies in a folder."""

    def folders(self, place: Place) -> Sequence[str]:
        """Return the sorted names of the folders in it, without links."""

    def linked(self, place: Place) -> Place | str | None:
        """Return where a link leads, or why it is not followed.

        That is a folder of the tree; None where there is no link.
        """

    def size(self, place: Place) -> int:
        """Return how many bytes a file has, 0 where that is not known."""

    def read(self, places: Sequence[Place]) -> dict[Place, SubmittedFile]:
        """Copy files; of one that cannot be copied, say why."""


def find_home(tree: Tree, known: FolderNames) -> Place | None:
    """Return where the task folders lie, if that is one place only."""
    found = homes(tree, known)
    return found[0] if len(found) == 1 else None


def homes(tree: Tree, known: FolderNames) -> list[Place]:
    """Return the folders that hold task folders, of the upmost level."""
    found: list[Place] = []
    for place, _ in walk(tree, known):
        if found and len(place) > len(found[0]):
            break
        if task_folders(tree, place, known):
            found.append(place)
    return found


def task_folders(tree: Tree, place: Place, known: FolderNames) -> list[str]:
    """Return the names in a folder that are those of task folders.

    Links are among them, wherever they lead: they were handed in, too.
    Raises OSError where the folder cannot be read.
    """
    folders = tree.folders(place)
    return [name for name in tree.names(place)
            if known.folder(name) is not None and (
                not _holds_others(tree, (*place, name), known)
                if name in folders
                else tree.linked((*place, name)) is not None)]


def _holds_others(tree: Tree, place: Place, known: FolderNames) -> bool:
    """Tell whether a folder is a repository that is called like a folder.

    One that is named exactly like a task folder is that one.
    """
    if known.is_exact(place[-1]):
        return False
    try:
        return any(known.folder(each) for each in tree.folders(place))
    except OSError:
        return False


def walk(tree: Tree, known: FolderNames
         ) -> Iterator[tuple[Place, Sequence[str]]]:
    """Yield folders, level by level, each with the folders in it.

    Hidden ones and task folders are not looked into, and neither are those
    that cannot be read.
    """
    level: list[Place] = [()]
    left = _MOST_FOLDERS
    for _ in range(DEEPEST + 1):
        below: list[Place] = []
        for place in level[:left]:
            try:
                names = tree.folders(place)
            except OSError:
                continue
            yield place, names
            below += [(*place, name) for name in names
                      if not name.startswith(".") and name not in _SHADOWS
                      and (known.folder(name) is None or _holds_others(
                          tree, (*place, name), known))]
        left -= len(level[:left])
        level = below
