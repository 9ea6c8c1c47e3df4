"""The interface by which a course adds its own judging of learners' tests.

A folder may name a module of the support package in `instruments`. The
module judges classes with a set-up, and has words for errors that are
special to the given code. Without it there are only general words.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any, Protocol, cast

from grader.errors import GraderError
from grader.library.library import Folder


class Instruments(Protocol):
    """The module of a course. Its function `ask` runs inside the wall.

    NOT_THERE maps a name that tests look for in the wrong place to advice.
    REASONS maps parts of an exception's text to explanations. REQUESTS
    names what a test should replace, so that it makes no request.
    """

    @property
    def NOT_THERE(self) -> Mapping[str, str]: ...
    @property
    def REASONS(self) -> Mapping[str, str]: ...
    @property
    def REQUESTS(self) -> str: ...

    def varied(self, text: str, random: Random) -> str:
        """Return a given file with random marks in its data.

        So a class can be asked for data that it cannot know beforehand.
        """

    def request(self, class_name: str, source: bytes,
                random: Random) -> dict[str, Any]:
        """Return the request for `ask` about a class of a learner's file."""

    def complaints(self, class_name: str, asked: Mapping[str, Any],
                   answer: Any, given: Mapping[str, str],
                   text: Callable[[object], str],
                   explain: Callable[[object], str]) -> Iterator[str]:
        """Yield what is wrong with a class, from the answer of `ask`.

        `given` are the given files of that run. `text` makes a text of the
        run printable, `explain` adds an explanation to it. Raises
        LookupError, TypeError or ValueError for an invalid answer.
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
