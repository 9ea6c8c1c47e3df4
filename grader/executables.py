"""Where programs of this machine are, which are started outside the wall."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence


def find(name: str, more: Sequence[str] = ()) -> str | None:
    """Return the path of a program, or None where there is none.

    It is looked for on PATH and then in `more` folders, but never in the
    current folder, even if PATH names it: a learner's file may lie there.
    """
    folders = (*os.environ.get("PATH", os.defpath).split(os.pathsep), *more)
    found = shutil.which(name, path=os.pathsep.join(
        filter(os.path.isabs, folders)))
    # Windows looks into the current folder all the same.
    return found if found and os.path.isabs(found) else None
