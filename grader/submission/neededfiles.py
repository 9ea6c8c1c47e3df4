"""Which files of a task folder a task can need; none of them is parsed.

Real repositories hold whole virtual environments and thousands of pages of
data, so kinds, places and numbers are bounded.
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
# Entries of a folder, and of the packages in it, that are looked at.
MAX_SEEN = 20_000
_NEVER = {"__pycache__", "node_modules", "venv", "env", "virtualenv", CHECKS}
# How often the files that were read are searched for the names of others:
# an archive is opened again for each time.
_ROUNDS = 4
_MARK_OF_VENV = "pyvenv.cfg"
# Names as programs write them: helper, and "0-basic_async_syntax".
_WORD = re.compile(rb"[\w-]+")


def kinds_of(folder: Folder) -> tuple[str, ...]:
    """Return how the names of files end that tasks of a folder need."""
    return (_PYTHON, *folder.kinds, _RENAMED)


def can_be_needed(path: PurePosixPath, kinds: tuple[str, ...] = KINDS) -> bool:
    """Tell whether a task can need a file at this path of its folder.

    It is of a kind that tasks need, in whatever case, and lies right in the
    folder or in packages, DEEPEST at most.
    """
    return (len(path.parts) <= DEEPEST + 1 and _is_file(path.name, kinds)
            and all(map(is_package, path.parts[:-1])))


def is_package(name: str) -> bool:
    """Tell whether a folder of that name can be what a learner imports."""
    return name.isidentifier() and name not in _NEVER


def is_module(path: str) -> bool:
    """Tell whether a file can be imported by a statement."""
    return path.endswith(".py") and all(
        map(str.isidentifier, path.removesuffix(".py").split("/")))


def _is_file(name: str, kinds: tuple[str, ...]) -> bool:
    lower = name.lower()
    return lower.endswith(kinds) and (
        not lower.startswith(".") or lower.endswith(".env"))


def find_files(tree: Tree, folder: Place,
               kinds: tuple[str, ...] = KINDS) -> list[str]:
    """Return the paths in a task folder that count, as "lib/sums.py".

    A link in the place of a package is listed itself, to be refused, and so
    is a package that cannot be read. Raises OSError only for the folder.
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
    """Yield all names, those first that a task is likely to need.

    First come the files of `tasks`, then what those mention, what that
    mentions, and at last the rest, the important kinds and the small files
    first. `text` is asked for files that were yielded.
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
    """Return what programs call a file: helper, or lib of a package."""
    path = PurePosixPath(name)
    stem = path.name.partition(".")[0]
    return (path.parent.name if stem == "__init__" else stem).encode(
        errors="surrogateescape")


def _words(text: bytes) -> Iterator[bytes]:
    """Yield the names in a text; "a-b" is one, and two."""
    for word in _WORD.findall(text):
        yield word
        yield from word.split(b"-")
