"""The interface of a submission's folders and files, and a search in them.

A tree is on a disk or in an archive; task folders are found the same way
in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from grader.library.foldernames import FolderNames
from grader.submission.file import SubmittedFile

# The names on the way to a folder or a file.
Place = tuple[str, ...]
# How many folders down task folders are searched for: a repository may lie
# in a folder of its own name, in one of its owner's, in one of a learning
# platform. A whole disk is not searched.
DEEPEST = 6
_MOST_FOLDERS = 1000
# macOS adds this folder to archives, with a copy of all other folders.
_SHADOWS = ("__MACOSX",)


class Tree(Protocol):
    """Folders and files; OSError means that a folder cannot be read."""

    def names(self, place: Place) -> Sequence[str]:
        """Return the sorted names of all that lies in a folder."""

    def folders(self, place: Place) -> Sequence[str]:
        """Return the sorted names of the folders in it, without links."""

    def linked(self, place: Place) -> Place | str | None:
        """Return the folder of the tree that a link leads to.

        A text says why the link is not followed; None means that there is
        no link at the place.
        """

    def size(self, place: Place) -> int:
        """Return how many bytes a file has, 0 where that is not known."""

    def read(self, places: Sequence[Place]) -> dict[Place, SubmittedFile]:
        """Return files by place; one that cannot be read says why."""


def find_home(tree: Tree, known: FolderNames) -> Place | None:
    """Return the folder that holds the task folders, if it is only one."""
    found = homes(tree, known)
    return found[0] if len(found) == 1 else None


def homes(tree: Tree, known: FolderNames) -> list[Place]:
    """Return the folders that hold task folders, of the highest level with
    any."""
    found: list[Place] = []
    for place, _ in walk(tree, known):
        if found and len(place) > len(found[0]):
            break
        if task_folders(tree, place, known):
            found.append(place)
    return found


def task_folders(tree: Tree, place: Place, known: FolderNames) -> list[str]:
    """Return the names of the task folders in a folder; raises OSError.

    Links with such names are among them, wherever they lead, so that a
    report can say why one is refused.
    """
    folders = tree.folders(place)
    return [name for name in tree.names(place)
            if known.folder(name) is not None and (
                not _holds_others(tree, (*place, name), known)
                if name in folders
                else tree.linked((*place, name)) is not None)]


def _holds_others(tree: Tree, place: Place, known: FolderNames) -> bool:
    """Return whether a folder is a repository with the name of a task folder.

    A folder with exactly the library's name is always the task folder.
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

    Hidden folders, task folders and those that cannot be read are not
    entered.
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
