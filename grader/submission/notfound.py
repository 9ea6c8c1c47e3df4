"""Words the error for a folder without a submission: what to do instead."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.errors import UserError
from grader.library.library import Library, offers
from grader.submission.tree import Place, Tree, homes, walk
from grader.terminal import safe

_MOST_NAMED = 3
_LIKENESS = 0.85


def no_submission(path: Path, tree: Tree, library: Library,
                  others: Sequence[str]) -> UserError:
    """Return the error for a folder that holds no submission.

    `tree` is what lies below the folder; `others` are folders in it whose
    names are similar to those of task folders.
    """
    where = "this folder" if path == Path() else str(path)
    return UserError(f"{where} holds none of the task folders",
                     next(_todo(path, tree, library, others)))


def _todo(path: Path, tree: Tree, library: Library,
          others: Sequence[str]) -> Iterator[str]:
    """Yield suggestions, the most likely one first."""
    names = [folder.name for folder in library.folders]
    for home in homes(tree, library.names):
        yield f"do you mean {safe(str(path.joinpath(*home)))}?"
    yield from map(safe, offers(library, _folders(tree)))
    for other in (os.path.basename(os.path.abspath(path)), *others):
        if near := _nearest(other.rpartition("/")[2], names):
            yield f"is {other!r} meant to be {near}?"
    homes_of = {task.file: task.folder for task in reversed(library.tasks)}
    for place, _ in walk(tree, library.names):
        for name in _files(tree, place):
            if name in homes_of:
                where = place[-1] if place else path.absolute().name
                yield (f"{safe(where)} has {name}: it belongs into a folder "
                       f"{homes_of[name]}")
    if path == Path():
        yield "cd to your workspace, or write one: grade start exercises"
    yield (f"{_seen(tree)}a task folder is named like {names[0]}, with any "
           "number or none")


def _nearest(name: str, names: Sequence[str]) -> str:
    """Return the most similar of the names, or ""."""
    found = {each.lower(): each for each in names}
    near = difflib.get_close_matches(name.lower(), found, 1, _LIKENESS)
    return found[near[0]] if near else ""


def _folders(tree: Tree) -> Sequence[str]:
    try:
        return tree.folders(())
    except OSError:
        return ()


def _files(tree: Tree, place: Place) -> Sequence[str]:
    try:
        return tree.names(place)
    except OSError:
        return ()


def _seen(tree: Tree) -> str:
    """Return what a folder holds, as "it holds a, b, c, ...; "."""
    names = [name for name in _files(tree, ()) if not name.startswith(".")]
    if not names:
        return "it is empty; "
    more = ", ..." if len(names) > _MOST_NAMED else ""
    return f"it holds {', '.join(map(safe, names[:_MOST_NAMED]))}{more}; "
