"""The other libraries that a library names in `more` of its library.toml.

They are used to tell a learner which library to ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from grader.errors import GraderError
from grader.library.foldernames import FolderNames
from grader.library.library import (
    MANIFEST, Library, find_root, load_folder, neighbour_names)


def offers(library: Library, found: Iterable[str]) -> Iterator[str]:
    """Yield a line for each neighbour that has one of the found folders.

    It says which command grades those folders.
    """
    strange = [name for name in found if library.names.folder(name) is None]
    if not strange:
        return
    for neighbour in library.more:
        known = _names(library, neighbour).fitting(strange)
        if known:
            folders = ", ".join(names[0] for names in known.values())
            yield (f"{folders}: grade check --library {neighbour} grades "
                   + ("it" if len(known) == 1 else "them"))


def having(library: Library, name: str) -> Iterator[str]:
    """Yield the neighbours that have a folder of that name or short name."""
    for neighbour in library.more:
        names = _names(library, neighbour)
        if names.folder(name) or name.casefold() in names.shorts:
            yield neighbour


def spoken(library: Library) -> str:
    """Return the argument of --library for a library, "" for the built-in
    one."""
    root = find_root()
    if library.root == root:
        return ""
    near = {root / name: name for name in neighbour_names()}
    return near.get(library.root, str(library.root))


def _names(library: Library, neighbour: str) -> FolderNames:
    """Return the names of a neighbour's folders whose manifests are sound."""
    folders = []
    for manifest in sorted((library.root / neighbour).glob(f"*/{MANIFEST}")):
        # An error of the neighbour must not stop work on this library.
        with suppress(GraderError):
            folders.append(load_folder(manifest.parent))
    return FolderNames({each.name: each.also for each in folders},
                       [each.short for each in folders])
