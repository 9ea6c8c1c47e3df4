"""What a middleware may import beside Django, as far as it goes without.

A file is judged on its own: models that lie beside it belong to a project
that did not come along, and so do packages for web APIs. None of the four
tasks needs them, but files that do them import them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any
from unittest import mock

_OWN = ("models", "serializers", "permissions", "auth", "utils", "views")
_PACKAGES = ("rest_framework", "rest_framework_simplejwt", "jwt",
             "django_filters", "rest_framework_nested")


class StandIn(ModuleType):
    """A module that has whatever is asked for, which does nothing.

    Parts of it can be imported, too.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__all__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        if name.startswith("HTTP_"):
            return int(name.split("_")[1])
        # Errors are caught, and classes are derived from.
        kind = Exception if name.endswith(
            ("Error", "Failed", "Invalid", "DoesNotExist")) else Nothing
        return type(name, (kind,), {"__module__": self.__name__})


class Nothing:
    """Whatever is asked of it gives None."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take everything."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: None


class _Finder:
    """Finds stand-ins below a few names."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names

    def find_spec(self, name: str, *others: Any) -> ModuleSpec | None:
        is_ours = any(name == each or name.startswith(f"{each}.")
                      for each in self._names)
        return ModuleSpec(name, self, is_package=True) if (  # type: ignore
            is_ours) else None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Run nothing."""


@contextmanager
def in_place(package: str) -> Iterator[None]:
    """Have imports find stand-ins for a package's other modules.

    The same holds for packages that a web API is made with.
    """
    names = (*(f"{package}.{name}" for name in _OWN), *_PACKAGES)
    finder: Any = _Finder(names)
    with mock.patch.dict(sys.modules), \
            mock.patch.object(sys, "meta_path", [finder, *sys.meta_path]):
        for name in [*sys.modules]:
            if name.startswith(names):
                del sys.modules[name]
        yield
