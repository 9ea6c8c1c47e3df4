"""The libraries beside a library, which `more` in its library.toml names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from grader.errors import GraderError
from grader.library.foldernames import FolderNames
from grader.library.library import (
    MANIFEST, Library, find_root, load_folder, neighbour_names)


def offers(library: Library, found: Iterable[str]) -> Iterator[str]:
    """Yield a line for each neighbour that has some of the folders found."""
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
    """Return what --library takes for a library, "" for the built-in one."""
    root = find_root()
    if library.root == root:
        return ""
    near = {root / name: name for name in neighbour_names()}
    return near.get(library.root, str(library.root))


def _names(library: Library, neighbour: str) -> FolderNames:
    """Return the names of a neighbour's folders, as far as it is sound."""
    folders = []
    for manifest in sorted((library.root / neighbour).glob(f"*/{MANIFEST}")):
        # This library does not depend on it.
        with suppress(GraderError):
            folders.append(load_folder(manifest.parent))
    return FolderNames({each.name: each.also for each in folders},
                       [each.short for each in folders])
