"""Finds the programs that the grader starts outside the wall."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence


def find(name: str, more: Sequence[str] = ()) -> str | None:
    """Return the path of a program, or None.

    It is searched for on PATH and then in the folders `more`, but never in
    the current folder, even if PATH names that: a learner may have a file
    of the same name there.
    """
    folders = (*os.environ.get("PATH", os.defpath).split(os.pathsep), *more)
    found = shutil.which(name, path=os.pathsep.join(
        filter(os.path.isabs, folders)))
    # On Windows shutil.which searches the current folder all the same.
    return found if found and os.path.isabs(found) else None
