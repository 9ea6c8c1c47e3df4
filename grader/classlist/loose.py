"""Puts single files, handed in without task folders, into their folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.library.library import Library
from grader.submission.file import SubmittedFile
from grader.submission.submission import read_file
from grader.submission.tree import Place


@dataclass(frozen=True, kw_only=True)
class Loose:
    """A tree of files on the disk, each below the folder it belongs in."""

    files: Mapping[Place, Path]

    def names(self, place: Place) -> Sequence[str]:
        depth = len(place)
        return sorted({each[depth] for each in self.files
                       if len(each) > depth and each[:depth] == place})

    def folders(self, place: Place) -> Sequence[str]:
        return [name for name in self.names(place)
                if (*place, name) not in self.files]

    def linked(self, place: Place) -> None:
        return None

    def size(self, place: Place) -> int:
        return 0

    def read(self, places: Sequence[Place]) -> dict[Place, SubmittedFile]:
        return {place: read_file(self.files[place]) for place in places}


def homes(library: Library) -> dict[str, str]:
    """Return the task folder of each file that only one folder asks for."""
    found: dict[str, set[str]] = {}
    for task in library.tasks:
        found.setdefault(task.file, set()).add(task.folder)
    return {file: next(iter(folders)) for file, folders in found.items()
            if len(folders) == 1}


def sorted_in(files: Mapping[str, Path], library: Library) -> Loose:
    """Return files, by the names that learners gave them, in their folders.

    What no task asks for may be what the others import: it goes along
    into every folder that has one.
    """
    home = homes(library)
    placed = {name: home[name] for name in files if name in home}
    return Loose(files={
        (folder, name): path for name, path in files.items()
        for folder in ([placed[name]] if name in placed
                       else sorted(set(placed.values())))})
