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

from grader.kit.failure import Undecided

# What is never loaded of a project, and what is where it does not load.
NEVER = ("models",)
AT_NEED = ("serializers", "permissions", "auth", "views")
PACKAGES = ("rest_framework", "rest_framework_simplejwt", "jwt",
            "django_filters", "rest_framework_nested")

_OF_ERRORS = "Error", "Failed", "Invalid", "DoesNotExist", "Denied"


class StandIn(ModuleType):
    """A module that has whatever is asked for, and other modules in it.

    What has a name like a class is one.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []
        self.__all__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("HTTP_"):
            return int(name.split("_")[1])
        if not name[0].isupper():
            # An import then looks for a module.
            raise AttributeError(f"{self.__name__} has no {name} here")
        if name.endswith(_OF_ERRORS):
            return type(name, (AnError,), {"__module__": self.__name__})
        return _Absent(name, (Nothing,), {"__module__": self.__name__})


class _Absent(type):
    """What stands for a class that is not here: it can be named.

    A choice of it, as in User.Role.ADMIN, is taken to be "admin". Whatever
    else is asked of the class itself decides what comes of a request, and
    no answer is right.
    """

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name.isupper():
            return name.lower()
        if name.endswith(_OF_ERRORS):
            return type(name, (AnError,), {"__module__": cls.__module__})
        if name[0].isupper():
            return _Absent(name, (Nothing,), {"__module__": cls.__module__})
        raise Undecided(
            f"{cls.__module__}.{cls.__name__}.{name} is needed, and a "
            "middleware is graded without the rest of its project")


class AnError(Exception):
    """An error that takes any arguments."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, *kwargs.values())


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
def in_place(*names: str, of: str = "") -> Iterator[None]:
    """Have imports find stand-ins of these names.

    Those `of` a package come before what there is in it, others behind what
    is installed.
    """
    finder: Any = _Finder(tuple(f"{of}.{name}" if of else name
                                for name in names))
    path = [finder, *sys.meta_path] if of else [*sys.meta_path, finder]
    with mock.patch.object(sys, "meta_path", path):
        try:
            yield
        finally:
            for name, module in [*sys.modules.items()]:
                if isinstance(module, StandIn):
                    del sys.modules[name]
