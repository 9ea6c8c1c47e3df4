"""A learner's own modules that are named like Python's or a library's.

Such a module is called a double here; it has nothing to do with mocks. In the
learner's files `import queue` finds the queue.py beside them, as with
`python3`. All other code in the process, such as the suite and the standard
library, still finds the real one.
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
    imports: then `_are_held` is True. `_set_aside` is the other set: the
    doubles most of the time, and the real modules meanwhile.
    """

    def __init__(self) -> None:
        self.folder = ""
        self.names: frozenset[str] = frozenset()
        self._set_aside: dict[str, ModuleType] = {}
        self._are_held = False
        # A thread may import while another does.
        self._lock = RLock()

    def are_for_code(self, scope: Mapping[str, Any]) -> bool:
        """Return whether code whose globals are `scope` is a learner's."""
        file = scope.get("__file__")
        return type(file) is str and file.startswith(self.folder + os.sep)

    @contextmanager
    def held(self, hold: bool) -> Iterator[None]:
        """Within the block sys.modules holds the doubles, or the real ones.
        """
        with self._lock:
            before = self._are_held
            if before is not hold:
                self._swap()
            try:
                yield
            finally:
                if self._are_held is not before:
                    self._swap()

    def _swap(self) -> None:
        """Exchange what sys.modules holds under the names for the other set.
        """
        held = {name: sys.modules[name] for name in list(sys.modules)
                if name.partition(".")[0] in self.names}
        for name in held:
            del sys.modules[name]
        sys.modules.update(self._set_aside)
        self._set_aside = held
        self._are_held = not self._are_held

    def forget(self) -> None:
        """Drop the imported doubles: the next import reads the files again.
        """
        self._set_aside = {}

    def find_spec(self, name: str, path: Sequence[str] | None = None,
                  target: ModuleType | None = None) -> ModuleSpec | None:
        """Find a real module, for code that is not the learner's.

        On sys.path its double, in the current folder, would come first.
        """
        if path is None and name in self.names and not self._are_held:
            return PathFinder.find_spec(name, _elsewhere(self.folder))
        return None


_doubles = _Doubles()


def prepare(folder: str) -> None:
    """Have the learner's files in a folder import the doubles in it.

    Replaces __import__ and importlib.import_module where there are any.
    """
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
    """Set a function of a module, unless other code has replaced it."""
    if getattr(module, name) in (_import, _importing, _import_module,
                                 _importing_module):
        setattr(module, name, function)


def _modules(folder: str) -> Iterator[str]:
    """Yield the names of a folder's modules and regular packages.

    A folder without __init__.py yields to any module of its name.
    """
    for file in os.listdir(folder):
        name = file.removesuffix(".py")
        if name.isidentifier() and (name != file or os.path.isfile(
                os.path.join(folder, file, "__init__.py"))):
            yield name


def _is_double(name: str, folder: str) -> bool:
    """Return whether a module of a folder hides another one of its name.

    One that is part of Python itself it cannot hide, and one that the grader
    puts in place of a library it must not.
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
    """Replace __import__: the learner's files find the doubles.

    `globals` are those of the code that imports.
    """
    scope = sys._getframe(1).f_globals if globals is None else globals
    place = str(scope.get("__package__")) if level else name
    if place.partition(".")[0] not in _doubles.names:
        return _import(name, globals, locals, fromlist, level)
    with _doubles.held(_doubles.are_for_code(scope)):
        return _import(name, globals, locals, fromlist, level)


def _importing_module(name: str, package: str | None = None) -> Any:
    """Replace importlib.import_module; the caller's globals decide."""
    scope = sys._getframe(1).f_globals
    place = str(package) if name.startswith(".") else name
    if place.partition(".")[0] not in _doubles.names:
        return _import_module(name, package)
    with _doubles.held(_doubles.are_for_code(scope)):
        return _import_module(name, package)
