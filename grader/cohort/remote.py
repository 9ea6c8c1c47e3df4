"""The function that workers of a Dask cluster run, before any other import.

A worker may have been started in a folder with submissions, whose modules
would be imported in place of Python's own. So the current folder is taken
off sys.path first.
"""

from __future__ import annotations

import os
import pickle
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(packed: bytes) -> object:
    """Return what a function makes of its arguments; `pack` has put them up.

    What they need is imported as they are unpacked, and not before.
    """
    _leave_current_folder()
    function, arguments = pickle.loads(packed)
    return function(*arguments)


def pack(function: object, *arguments: object) -> bytes:
    """Return a function, known by its name, and arguments for `run`."""
    return pickle.dumps((function, arguments))


def version(library: str | None = None) -> str:
    """Return what has to be the same on all machines, as one word.

    `library` is the path of another one than the built-in.
    """
    _leave_current_folder()
    from grader.cohort.fingerprint import library_digest
    from grader.library.library import load_library

    return library_digest(load_library(library), "")


def allow_one_death(dask_scheduler: Any) -> None:
    """Let the scheduler give up a task whose second worker dies."""
    dask_scheduler.allowed_failures = 1


def _leave_current_folder() -> None:
    here = os.path.realpath(os.curdir)
    sys.path[:] = [each for each in sys.path
                   if each and os.path.realpath(each) != here]
