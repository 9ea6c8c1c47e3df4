"""Undoes what a task's file has changed in the process of a run.

The tasks of a folder share a run, and none must pass with the help of
another: a file that forgets an import works after one that has made it.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from grader.kit.environment import environment

# The grader's own modules, some of which are imported when first needed.
_OURS = "grader."


@contextmanager
def undone() -> Iterator[None]:
    """Undo, at the end, the changes that files make without meaning to cheat.

    Code that means to can change more, but wins nothing: it could stand in
    the other file as well.
    """
    names = dict(vars(builtins))
    modules, path = set(sys.modules), [*sys.path]
    depth = sys.getrecursionlimit()
    with environment({}):
        yield
    _forget_modules(modules)
    sys.path[:] = path
    sys.setrecursionlimit(depth)
    for name in vars(builtins).keys() - names.keys():
        delattr(builtins, name)
    vars(builtins).update(names)


def _forget_modules(known: set[str]) -> None:
    """Forget imported modules but known ones, as do the packages of those.

    One without a loader is a stand-in, which is made once for all suites.
    """
    for name in list(sys.modules):
        if (name in known or name.startswith(_OURS)
                or not _is_loaded(sys.modules[name])):
            continue
        module = sys.modules.pop(name)
        package, _, last = name.rpartition(".")
        inside = vars(sys.modules[package]) if package in known else {}
        if inside.get(last) is module:
            del inside[last]


def _is_loaded(module: object) -> bool:
    spec = getattr(module, "__spec__", None)
    return getattr(spec, "loader", None) is not None


def threads() -> int:
    """Return how many threads there are: what they do cannot be undone."""
    return len(sys._current_frames())
