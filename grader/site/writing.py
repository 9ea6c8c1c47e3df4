"""Writes the pages of a course into a folder."""

from __future__ import annotations

from pathlib import Path

from grader import files
from grader.errors import UserError
from grader.learner import workspace
from grader.library.library import Library
from grader.site import pages

_INDEX = "index.html"


def write(library: Library, target: Path) -> Path:
    """Write all pages; return the first of them.

    Raises UserError where the folder holds other things, or cannot be
    written.
    """
    _refuse_wrong_place(target)
    style = Path(__file__).with_name(pages.STYLE).read_bytes()
    contents = {pages.STYLE: style} | {
        name: text.encode() for name, text in pages.pages(
            library, workspace.course(library))}
    try:
        for name, content in contents.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            files.write(path, content)
    except OSError as error:
        raise files.unwritable(error, error.filename or target,
                               "name another folder") from None
    return target / _INDEX


def _refuse_wrong_place(target: Path) -> None:
    """Write only into what is new, empty, or written by this before."""
    if target.exists() and not target.is_dir():
        raise UserError(f"{target} is a file", "name a new folder")
    try:
        first = target / _INDEX
        ours = first.is_file() and pages.MARK in first.read_text(
            "utf-8", "replace")
        others = target.is_dir() and any(target.iterdir())
    except OSError as error:
        raise UserError(f"{target} cannot be read: {error.strerror}",
                        "name another folder") from None
    if others and not ours:
        raise UserError(f"{target} holds other things already",
                        "name a new folder, or one that is empty")
