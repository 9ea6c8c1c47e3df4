"""What a course knows of the code that its learners' tests are about.

A folder may name a module of the support package in `instruments`: how a
class that a test module sets up is asked and judged, and words for errors
that come of the given code. Without it there are only general words.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any, Protocol, cast

from grader.errors import GraderError
from grader.library.library import Folder


class Instruments(Protocol):
    """The module of a course; `ask`, not listed here, runs in the wall.

    NOT_THERE says what to do about a name that a test looks for where it is
    not, REASONS what is meant by a part of an exception's text, REQUESTS
    what a test replaces that must not reach the network.
    """

    @property
    def NOT_THERE(self) -> Mapping[str, str]: ...
    @property
    def REASONS(self) -> Mapping[str, str]: ...
    @property
    def REQUESTS(self) -> str: ...

    def varied(self, text: str, random: Random) -> str:
        """Return a given file with marks in it that no run can foresee."""

    def request(self, class_name: str, source: bytes,
                random: Random) -> dict[str, Any]:
        """Return what `ask` is to ask of a class of a learner's file."""

    def complaints(self, class_name: str, asked: Mapping[str, Any],
                   answer: Any, given: Mapping[str, str],
                   text: Callable[[object], str],
                   explain: Callable[[object], str]) -> Iterator[str]:
        """Yield what is wrong with a class by what `ask` said of it.

        `given` are the given files of that run. What an exception said is
        made harmless by `text`, and explained as well by `explain`. Raises
        LookupError, TypeError or ValueError for an answer without sense.
        """


class General:
    """The instruments of a folder that names none."""

    NOT_THERE: Mapping[str, str] = {}
    REASONS: Mapping[str, str] = {}
    REQUESTS = ""

    def varied(self, text: str, random: Random) -> str:
        return text

    def request(self, class_name: str, source: bytes,
                random: Random) -> dict[str, Any]:
        raise GraderError(f"no instruments know the class {class_name}",
                          "name their module as `instruments` of the folder")

    def complaints(self, class_name: str, asked: Mapping[str, Any],
                   answer: Any, given: Mapping[str, str],
                   text: Callable[[object], str],
                   explain: Callable[[object], str]) -> Iterator[str]:
        return iter(())


GENERAL = General()


def of(folder: Folder) -> Instruments:
    """Return the instruments of a folder.

    Raises GraderError where their module does not load.
    """
    if not folder.instruments:
        return GENERAL
    try:
        return cast(Instruments, importlib.import_module(folder.instruments))
    except ImportError as error:
        raise GraderError(f"the instruments of {folder.name} do not load: "
                          f"{error}", "correct their module") from error
