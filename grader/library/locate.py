"""Where a call points to: the root of a submission and the tasks meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.library.library import FOLDERS

# `grade start` puts it at the root of a workspace; see learner/progress.py.
STATE = ".grade.json"


def locate(path: Path, words: Sequence[str]) -> tuple[Path, list[str]]:
    """Return the root and the selectors that PATH and TASK words mean.

    People leave PATH out, name it last, stand in a task folder or below
    one, or name a file of one: `check 0x00/2`, `check 0x00/2 .`,
    `check 0x00-x/2-floor.py` and, standing in a folder, `check 2-floor.py`
    are all understood.
    """
    if _is_selector(path):
        place = next(filter(_is_place, words), ".")
        return locate(Path(place), [str(path), *(
            word for word in words if word != place)])
    here = path.resolve()
    if here.is_file() and here.parent.name in FOLDERS:
        words = [here.name, *words]
        here = here.parent
    if here.name in FOLDERS:
        return here.parent, [_within(here.name, word)
                             for word in words] or [here.name]
    return _around(path, here), list(words)


def root_of(path: Path) -> Path:
    """Return the folder that holds the task folders around `path`."""
    return locate(path, ())[0]


def _around(path: Path, here: Path) -> Path:
    """Return the workspace that somebody stands in, however deep."""
    if path != Path() or any((here / name).is_dir() for name in FOLDERS):
        return path
    return next((above for above in here.parents
                 if (above / STATE).is_file()), path)


def _is_place(word: str) -> bool:
    path = Path(word)
    return word in (".", "..") or (
        path.is_dir() and path.name not in FOLDERS)


def _is_selector(path: Path) -> bool:
    if path.exists() or path.is_absolute() or not path.parts:
        return False
    first, *rest = str(path).replace("\\", "/").casefold().split("/")
    if not rest and first.endswith(".py") or rest and rest[-1].isdigit():
        return True
    inside = (Path().resolve().name in FOLDERS
              and not rest and first.isdigit())
    return inside or len(first) > 2 and any(
        first in name.casefold() for name in FOLDERS)


def _within(folder: str, word: str) -> str:
    """Complete what is named without its folder, such as 2-floor.py."""
    alone = word.isdigit() or word.endswith(".py") and "/" not in word
    return f"{folder}/{word}" if alone else word
