"""Selects the files of a submission that a task can need.

Real repositories hold whole virtual environments and thousands of pages of
data, so kinds, places and numbers of files are limited. No file is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import PurePosixPath

from grader.library.library import CHECKS, KINDS_BESIDE, Folder
from grader.library.locate import DEEPEST
from grader.submission.tree import Place, Tree

# ".txt" is what Windows likes to add.
_PYTHON, _RENAMED = ".py", ".py.txt"
# The order is that of importance.
KINDS = (_PYTHON, *KINDS_BESIDE, _RENAMED)
# The most entries that are looked at, of a folder and the packages in it.
MAX_SEEN = 20_000
_NEVER = {"__pycache__", "node_modules", "venv", "env", "virtualenv", CHECKS}
# How many times newly read files are searched for the names of others. For
# each time an archive is opened again.
_ROUNDS = 4
_MARK_OF_VENV = "pyvenv.cfg"
# Names as programs write them: helper, and "0-basic_async_syntax".
_WORD = re.compile(rb"[\w-]+")


def kinds_of(folder: Folder) -> tuple[str, ...]:
    """Return how the names of files end that tasks of a folder need."""
    return (_PYTHON, *folder.kinds, _RENAMED)


def can_be_needed(path: PurePosixPath, kinds: tuple[str, ...] = KINDS) -> bool:
    """Return whether a task can need a file at this path of its folder.

    That is a file of a needed kind, in upper or lower case, in the folder
    itself or within at most DEEPEST packages.
    """
    return (len(path.parts) <= DEEPEST + 1 and _is_file(path.name, kinds)
            and all(map(is_package, path.parts[:-1])))


def is_package(name: str) -> bool:
    """Return whether a folder of that name can be a package of a learner's.
    """
    return name.isidentifier() and name not in _NEVER


def is_module(path: str) -> bool:
    """Return whether an import statement can import the file at a path."""
    return path.endswith(".py") and all(
        map(str.isidentifier, path.removesuffix(".py").split("/")))


def _is_file(name: str, kinds: tuple[str, ...]) -> bool:
    lower = name.lower()
    return lower.endswith(kinds) and (
        not lower.startswith(".") or lower.endswith(".env"))


def find_files(tree: Tree, folder: Place,
               kinds: tuple[str, ...] = KINDS) -> list[str]:
    """Return the paths of needed files in a task folder, as "lib/sums.py".

    A link in the place of a package and a package that cannot be read are
    listed, too, so that they are refused with a reason. Raises OSError if
    the task folder itself cannot be read.
    """
    files: list[str] = []
    packages = [PurePosixPath()]
    seen = 0
    for package in packages:
        place = (*folder, *package.parts)
        try:
            names, inner = tree.names(place), set(tree.folders(place))
        except OSError:
            if package == packages[0]:
                raise
            files.append(str(package))
            continue
        seen += len(names)
        if package.parts and (seen > MAX_SEEN or _MARK_OF_VENV in names):
            continue
        for path in (package / name for name in names):
            if is_package(path.name) and path.name in inner:
                packages += [path] if len(path.parts) <= DEEPEST else []
            elif can_be_needed(path, kinds) or (
                    is_package(path.name)
                    and tree.linked((*place, path.name))):
                files.append(str(path))
    return sorted(files)


def most_needed_first(names: Collection[str], tasks: Collection[str],
                      size: Callable[[str], int],
                      text: Callable[[str], bytes]) -> Iterator[list[str]]:
    """Yield all names in groups, the most likely to be needed first.

    The first group are the files of `tasks`, the next those that they
    mention, then those that these mention, and the last all others, by
    kind and size. `text` is called for files that were yielded before.
    """
    ordered = sorted(names, key=lambda name: _rank(name, size(name)))
    by_word: dict[bytes, list[str]] = {}
    for name in ordered:
        by_word.setdefault(_called(name), []).append(name)
    given: set[str] = set()
    wanted = [name for name in tasks if name in names]
    for _ in range(_ROUNDS):
        yield wanted
        given.update(wanted)
        words = {word for name in wanted for word in _words(text(name))}
        wanted = [name for word in sorted(words)
                  for name in by_word.get(word, ()) if name not in given]
    yield [name for name in ordered if name not in given]


def _rank(name: str, size: int) -> tuple[int, int, str]:
    kind = next((number for number, kind in enumerate(KINDS)
                 if name.lower().endswith(kind)), len(KINDS))
    return kind, size, name


def _called(name: str) -> bytes:
    """Return the name by which programs mention a file.

    That is helper for helper.py, and lib for lib/__init__.py.
    """
    path = PurePosixPath(name)
    stem = path.name.partition(".")[0]
    return (path.parent.name if stem == "__init__" else stem).encode(
        errors="surrogateescape")


def _words(text: bytes) -> Iterator[bytes]:
    """Yield the names in a text; "a-b" gives a-b, a and b."""
    for word in _WORD.findall(text):
        yield word
        yield from word.split(b"-")
