"""Where a call points to: the root of a submission and the tasks meant."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.library import FOLDERS


def locate(path: Path, words: Sequence[str]) -> tuple[Path, list[str]]:
    """Return the root and the selectors that PATH and TASK words mean.

    People leave PATH out, stand in a task folder, or name a file of one:
    `check 0x00/2`, `check .`, `check 0x00-x/2-floor.py` and, standing in a
    folder, `check 2-floor.py` are all understood.
    """
    if _is_selector(path):
        return locate(Path(), [str(path), *words])
    here = path.resolve()
    if here.is_file() and here.parent.name in FOLDERS:
        return here.parent.parent, [f"{here.parent.name}/{here.name}", *words]
    if here.name in FOLDERS:
        return here.parent, [_within(here.name, word)
                             for word in words] or [here.name]
    return path, list(words)


def root_of(path: Path) -> Path:
    """Return the folder that holds the task folders around `path`."""
    return locate(path, ())[0]


def _is_selector(path: Path) -> bool:
    if path.exists() or path.is_absolute() or not path.parts:
        return False
    first = path.parts[0]
    inside = (Path().resolve().name in FOLDERS
              and len(path.parts) == 1 and first.isdigit())
    return inside or len(first) > 2 and any(
        first in name for name in FOLDERS)


def _within(folder: str, word: str) -> str:
    """Complete what is named without its folder, such as 2-floor.py."""
    alone = word.isdigit() or word.endswith(".py") and "/" not in word
    return f"{folder}/{word}" if alone else word
