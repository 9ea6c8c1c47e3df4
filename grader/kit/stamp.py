"""Tells whether a file was written to since it was put in place.

It is given a time of change that no write leaves. To read files again and
compare them takes longer than most checks do.
"""

from __future__ import annotations

import os
from pathlib import Path


def put(path: str | Path, moment: float) -> None:
    """Give a file its time of change, in seconds since 1970."""
    os.utime(path, (moment, moment))


def is_untouched(path: str | Path, moment: float) -> bool:
    """Return whether a file is there and has the time that `put` gave it."""
    try:
        return os.stat(path).st_mtime == moment
    except OSError:
        return False
