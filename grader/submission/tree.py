"""Folders and files of a submission, on a disk or in an archive.

Where the task folders of a submission lie is found the same way in both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol

from grader.library.library import FOLDERS

if TYPE_CHECKING:
    from grader.submission.submission import SubmittedFile

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


def find_home(tree: Tree) -> Place | None:
    """Return where the task folders lie, if that is one place only."""
    found = homes(tree)
    return found[0] if len(found) == 1 else None


def homes(tree: Tree) -> list[Place]:
    """Return the folders that hold task folders, of the upmost level."""
    found: list[Place] = []
    for place, names in walk(tree):
        if found and len(place) > len(found[0]):
            break
        # A link that leads nowhere was handed in, too.
        if any(name in names or tree.linked((*place, name)) is not None
               for name in FOLDERS):
            found.append(place)
    return found


def walk(tree: Tree) -> Iterator[tuple[Place, Sequence[str]]]:
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
                      if not name.startswith(".")
                      and name not in (*FOLDERS, *_SHADOWS)]
        left -= len(level[:left])
        level = below
