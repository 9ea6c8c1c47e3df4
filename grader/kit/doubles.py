"""A learner's own modules that are named like Python's or a library's.

In the learner's files `import queue` finds the queue.py beside them, as
`python3` would find it. All other code in the process, the suite and the
standard library too, still finds the real one.
"""

from __future__ import annotations

import _imp
import builtins
import importlib
import os
import sys
from _thread import RLock
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

_import = builtins.__import__
_import_module = importlib.import_module


class _Doubles:
    """The names of the doubles in `folder`, and which code sees them.

    sys.modules holds the real modules except while a learner's file
    imports; `_away` are those that it does not hold now.
    """

    def __init__(self) -> None:
        self.folder = ""
        self.names: frozenset[str] = frozenset()
        self._away: dict[str, ModuleType] = {}
        self._is_turned = False
        # A thread may import while another does.
        self._lock = RLock()

    def are_for(self, scope: Mapping[str, Any]) -> bool:
        """Return whether code with these globals is a learner's."""
        file = scope.get("__file__")
        return type(file) is str and file.startswith(self.folder + os.sep)

    @contextmanager
    def seen(self, are_seen: bool) -> Iterator[None]:
        """Have sys.modules hold the doubles, or the real ones, meanwhile."""
        with self._lock:
            before = self._is_turned
            if before is not are_seen:
                self._turn()
            try:
                yield
            finally:
                if self._is_turned is not before:
                    self._turn()

    def _turn(self) -> None:
        held = {name: sys.modules[name] for name in list(sys.modules)
                if name.partition(".")[0] in self.names}
        for name in held:
            del sys.modules[name]
        sys.modules.update(self._away)
        self._away = held
        self._is_turned = not self._is_turned

    def forget(self) -> None:
        """Drop the doubles that were imported, so that none is stale."""
        self._away = {}

    def find_spec(self, name: str, path: Sequence[str] | None = None,
                  target: ModuleType | None = None) -> ModuleSpec | None:
        """Find a real module whose double comes first on the path."""
        if path is None and name in self.names and not self._is_turned:
            return PathFinder.find_spec(name, _elsewhere(self.folder))
        return None


_doubles = _Doubles()


def prepare(folder: str) -> None:
    """Have the learner's files in a folder import the doubles in it."""
    names = frozenset(name for name in _modules(folder)
                      if _is_double(name, folder))
    _doubles.folder, _doubles.names = folder, names
    _replace(builtins, "__import__", _importing if names else _import)
    _replace(importlib, "import_module",
             _importing_module if names else _import_module)
    if names and _doubles not in sys.meta_path:
        sys.meta_path.insert(0, _doubles)


def forget() -> bool:
    """Drop the doubles that were imported; return whether there are any."""
    _doubles.forget()
    return bool(_doubles.names)


def _replace(module: ModuleType, name: str,
             function: Callable[..., Any]) -> None:
    if getattr(module, name) in (_import, _importing, _import_module,
                                 _importing_module):
        setattr(module, name, function)


def _modules(folder: str) -> Iterator[str]:
    """Yield the names of a folder's modules and regular packages.

    A folder without __init__.py yields to any module of its name.
    """
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name.removesuffix(".py")
            if name.isidentifier() and (
                    name != entry.name or os.path.isfile(
                        os.path.join(entry.path, "__init__.py"))):
                yield name


def _is_double(name: str, folder: str) -> bool:
    """Return whether there is a module of that name elsewhere, too.

    What is part of Python itself comes before any file, and a stand-in of
    the grader's before the learner's own.
    """
    if name in sys.builtin_module_names or _imp.is_frozen(name):
        return False
    if name in sys.stdlib_module_names:
        return True
    if name not in sys.modules:
        return _is_installed(name, tuple(_elsewhere(folder)))
    file = getattr(sys.modules[name], "__file__", None)
    return type(file) is str and not file.startswith(folder + os.sep)


@lru_cache(maxsize=256)
def _is_installed(name: str, paths: tuple[str, ...]) -> bool:
    """Return whether a module of that name is on these paths; slow."""
    return PathFinder.find_spec(name, list(paths)) is not None


def _elsewhere(folder: str) -> list[str]:
    return [path for path in sys.path if path != folder]


def _importing(name: str, globals: Mapping[str, Any] | None = None,
               locals: Mapping[str, Any] | None = None,
               fromlist: Sequence[str] = (), level: int = 0) -> Any:
    """Import as the statement does; what is found depends on the file."""
    scope = sys._getframe(1).f_globals if globals is None else globals
    place = str(scope.get("__package__")) if level else name
    if place.partition(".")[0] not in _doubles.names:
        return _import(name, globals, locals, fromlist, level)
    with _doubles.seen(_doubles.are_for(scope)):
        return _import(name, globals, locals, fromlist, level)


def _importing_module(name: str, package: str | None = None) -> Any:
    scope = sys._getframe(1).f_globals
    place = str(package) if name.startswith(".") else name
    if place.partition(".")[0] not in _doubles.names:
        return _import_module(name, package)
    with _doubles.seen(_doubles.are_for(scope)):
        return _import_module(name, package)
