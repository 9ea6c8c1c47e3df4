"""Works out what PATH and TASK on the command line mean."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from grader.library.foldernames import FolderNames

# How many packages may lie within each other.
DEEPEST = 3
# `grade start` puts it at the root of a workspace; see learner/progress.py.
STATE = ".grade.json"


def locate(path: Path, words: Sequence[str],
           names: FolderNames) -> tuple[Path, list[str]]:
    """Return the root of the submission, and selectors for Library.select.

    PATH may be left out or come last, it may be a task folder or a file of
    one, and the current folder may be a task folder or below one. So
    `check 0x00/2`, `check 0x00/2 .`, `check 0x00-x/2-floor.py` and, in a
    task folder, `check 2-floor.py` are all understood.
    """
    if _is_selector(path, names):
        place = next((word for word in words if _is_place(word, names)), ".")
        return locate(Path(place), [str(path), *(
            word for word in words if word != place)], names)
    here = path.resolve()
    if here.is_file() and (around := _task_folder_around(here, names)):
        words = [here.relative_to(around).as_posix(), *words]
        here = around
    if is_task_folder(here, names):
        return here.parent, [_within(here, word)
                             for word in words] or [here.name]
    return _around(path, here, names), list(words)


def root_of(path: Path, names: FolderNames) -> Path:
    """Return the folder that holds the task folders around `path`."""
    return locate(path, (), names)[0]


def is_task_folder(path: Path, names: FolderNames) -> bool:
    """Return whether a path is a task folder.

    A folder whose name only has the subject of a task folder may also be a
    repository; then it holds task folders, and no Python files.
    """
    if names.is_exact(path.name):
        return True
    if names.folder(path.name) is None:
        return False
    try:
        inside = list(path.iterdir())
    except OSError:
        return False
    return (any(each.name.endswith(".py") for each in inside)
            and not any(names.folder(each.name) for each in inside))


def holds_task_folders(path: Path, names: FolderNames) -> bool:
    """Return whether a folder directly contains task folders."""
    try:
        return any(names.folder(each.name) and each.is_dir()
                   for each in path.iterdir())
    except OSError:
        return False


def folder_of(root: Path, folder: str, names: FolderNames) -> Path:
    """Return where a task folder lies in a workspace.

    That is where it would be written, if it is not there.
    """
    try:
        there = [each.name for each in root.iterdir() if each.is_dir()]
    except OSError:
        there = []
    return root / names.fitting(there).get(folder, [folder])[0]


def _around(path: Path, here: Path, names: FolderNames) -> Path:
    """Return the workspace around the current folder, or `path` itself."""
    if path != Path() or holds_task_folders(here, names):
        return path
    return next((above for above in here.parents
                 if (above / STATE).is_file()), path)


def _is_place(word: str, names: FolderNames) -> bool:
    path = Path(word)
    return word in (".", "..") or (
        path.is_dir() and not is_task_folder(path, names))


def _is_selector(path: Path, names: FolderNames) -> bool:
    if path.exists() or path.is_absolute() or not path.parts:
        return False
    first, *rest = str(path).replace("\\", "/").casefold().split("/")
    if not rest and first.endswith(".py") or first in names.shorts:
        return True
    inside = (is_task_folder(Path().resolve(), names)
              and not rest and first.isdigit())
    return (inside or names.folder(first) is not None
            or len(first) > 2 and any(
                first in name.casefold() for name in names.all))


def _task_folder_around(file: Path, names: FolderNames) -> Path | None:
    """Return the task folder that a file is in, perhaps in a package."""
    return next((above for above in list(file.parents)[:DEEPEST + 1]
                 if is_task_folder(above, names)), None)


def _within(folder: Path, word: str) -> str:
    """Return a task's number or file with its folder before it."""
    alone = word.isdigit() or word.endswith(".py") and (
        "/" not in word or (folder / word).is_file())
    return f"{folder.name}/{word}" if alone else word
