"""Tells whether the packages that a folder needs are installed."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec

from grader.library.library import Folder

_OURS = "fundamentals-grader"


def lacking(folder: Folder) -> str:
    """Return which package of a folder is missing and how to install it.

    It is "" if all are installed.
    """
    for module in folder.packages:
        name = module.partition(".")[0]
        if not _is_installed(name):
            wanted = f"'{_OURS}[{folder.extra}]'" if folder.extra else name
            return f"{name} is not installed here: pip install {wanted}"
    return ""


@cache
def _is_installed(name: str) -> bool:
    return find_spec(name) is not None
