"""The scratch folder that a suite's submission lies in.

The grader fills it with the submission's files and names it in
GRADE_WORKSPACE. Run on its own (unittest, pytest, an editor's button) a
suite gets a temporary copy of the library's own folder instead, so that the
same suite judges the model answers and no test touches the originals.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

from grader.kit import stamp

GIVEN = ".given"
# The stamp of a file that `give` has put in place.
_GIVEN = 0.0


def workspace(suite: str | None = None) -> Path:
    """Return the scratch folder; `suite` is the path of a suite's file."""
    folder = os.environ.get("GRADE_WORKSPACE")
    if folder is None:
        folder = os.environ["GRADE_WORKSPACE"] = str(_copy_of(suite))
    return _path(folder)


# A check asks for the folder ten times, and to parse a path takes a while.
_path = lru_cache(maxsize=1)(Path)


def _copy_of(suite: str | None) -> Path:
    if suite is None:
        raise RuntimeError("a suite outside the grader must name its file")
    source = Path(suite).resolve().parent.parent
    copy = Path(tempfile.mkdtemp(prefix="grade-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    # The suites lie in a folder of the task folder, which nothing needs.
    unneeded = shutil.ignore_patterns(Path(suite).resolve().parent.name,
                                      "__pycache__")
    for place in copy, copy / GIVEN:
        shutil.copytree(source, place, ignore=unneeded, dirs_exist_ok=True)
    os.chdir(copy)
    return copy


def give(name: str) -> Path:
    """Put the library's own copy of a given file into the workspace."""
    target = workspace() / name
    if not stamp.is_untouched(target, _GIVEN):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((workspace() / GIVEN / name).read_bytes())
        stamp.put(target, _GIVEN)
    return target


def texts_of(folder: str | os.PathLike[str]) -> Iterator[str]:
    """Yield the texts of the Python files in a folder."""
    return (text_of(os.path.join(folder, file))
            for file in os.listdir(folder) if file.endswith(".py"))


def text_of(path: str | os.PathLike[str]) -> str:
    """Return the text of a file, as a source that few checks change.

    It is read again only where its size or its time of change is another.
    """
    found = os.stat(path)
    return _read(os.fspath(path), found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=32)
def _read(path: str, changed: int, size: int) -> str:
    return Path(path).read_text("utf-8", "replace")


@contextmanager
def tidied(folder: Path) -> Iterator[None]:
    """Remove, at the end, the files that appeared in the folder."""
    before = set(files(folder))
    try:
        yield
    finally:
        for path in set(files(folder)) - before:
            with suppress(OSError):  # it is open, on Windows
                os.unlink(path)


def files(folder: str | os.PathLike[str]) -> Iterator[str]:
    """Yield the paths of all files below a folder, except given ones."""
    # os.walk takes twice as long, and a check asks six times.
    folders = []
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if not entry.is_dir():
                yield entry.path
            elif entry.name != GIVEN and not entry.is_symlink():
                folders.append(entry.path)
    for each in folders:
        yield from files(each)
