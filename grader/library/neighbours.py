"""The libraries beside a library, which `more` in its library.toml names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from grader.errors import GraderError
from grader.library.foldernames import FolderNames
from grader.library.library import MANIFEST, Library, load_folder


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


def _names(library: Library, neighbour: str) -> FolderNames:
    """Return the names of a neighbour's folders, as far as it is sound."""
    folders = {}
    for manifest in sorted((library.root / neighbour).glob(f"*/{MANIFEST}")):
        # This library does not depend on it.
        with suppress(GraderError):
            folder = load_folder(manifest.parent)
            folders[folder.name] = folder.also
    return FolderNames(folders)
