"""The marks of all texts that a library gives to learners.

Passages of these say nothing about copying. Models count as well, since a
learner who has read one writes like it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain

from grader.inside.likeness import phrasing
from grader.library.library import Folder, Library

# The blocks of code of a statement, fenced or indented.
_BLOCK = re.compile(r"^```\w*\n(.*?)^```|((?:^ {4}.*\n)+)",
                    re.DOTALL | re.MULTILINE)


def given(library: Library) -> frozenset[int]:
    """Return the marks of all passages that a library gives."""
    return frozenset(chain.from_iterable(
        _marks(text) for folder in library.folders
        for text in _texts(folder)))


@lru_cache(maxsize=1024)
def _marks(text: str) -> frozenset[int]:
    return frozenset(int.from_bytes(mark, "big")
                     for mark in phrasing.passages(text))


def _texts(folder: Folder) -> Iterator[str]:
    for path in sorted(folder.path.glob("*.py")):
        yield path.read_text("utf-8", "replace")
    for task in folder.tasks:
        yield task.starter
    readme = folder.path / "README.md"
    if readme.is_file():
        for block in _BLOCK.finditer(readme.read_text("utf-8", "replace")):
            yield block[1] or block[2]
