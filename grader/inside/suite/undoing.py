"""Undoes what a task's file has changed in the process of a run.

The tasks of a folder share a run, and none must pass with the help of
another: a file that forgets an import works after one that has made it.
"""

from __future__ import annotations

import builtins
import locale
import os
import sys
import threading

from grader.kit.environment import change_to

# The grader's own modules, some of which are imported when first needed.
_OURS = "grader."


class Process:
    """What files change in their process without meaning to cheat.

    Code that means to can change more, but wins nothing: it could stand in
    the other file as well.
    """

    def __init__(self) -> None:
        self._environment = os.environ.copy()
        self._builtins = dict(vars(builtins))
        self._modules = set(sys.modules)
        self._path = [*sys.path]
        self._depth = sys.getrecursionlimit()
        self._digits = sys.get_int_max_str_digits()
        self._locale = locale.setlocale(locale.LC_ALL)
        self._threads = threading.active_count()

    def undo(self) -> bool:
        """Undo all changes since this object was made.

        Returns False where threads were started and are still there: what
        they do cannot be undone.
        """
        change_to(self._environment)
        for name in vars(builtins).keys() - self._builtins.keys():
            delattr(builtins, name)
        vars(builtins).update(self._builtins)
        _forget_modules(self._modules)
        sys.path = [*self._path]
        sys.setrecursionlimit(self._depth)
        sys.set_int_max_str_digits(self._digits)
        locale.setlocale(locale.LC_ALL, self._locale)
        return threading.active_count() <= self._threads


def _forget_modules(known: set[str]) -> None:
    """Forget modules but known ones, as do the packages of those."""
    for name in list(sys.modules):
        if (name in known or name.startswith(_OURS)
                or _stands_in(sys.modules[name])):
            continue
        module = sys.modules.pop(name)
        package, _, last = name.rpartition(".")
        inside = vars(sys.modules[package]) if package in known else {}
        if inside.get(last) is module:
            del inside[last]


def _stands_in(module: object) -> bool:
    """Return whether a module is one that the kit makes once for all suites.
    """
    spec = getattr(module, "__spec__", None)
    return spec is not None and spec.loader is None
