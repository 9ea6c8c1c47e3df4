"""The base class of graded suites: it loads the file and words failures."""

from __future__ import annotations

import functools
import os
import random
import sys
import unittest
from collections.abc import Callable, Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any, ClassVar

from grader.kit import channel, prints
from grader.kit.difference import wording
from grader.kit.elsewhere import place_of
from grader.kit.exceptions import describe, line_in
from grader.kit.failure import Failure
from grader.kit.live import is_a, is_live, kind_of
from grader.kit.loading import Siblings, load
from grader.kit.scratch import workspace
from grader.kit.transcript import Looking, Transcript, expects
from grader.kit.values import call_text, same, show

Function = Callable[..., Any]


_SECOND_CALL = (": this is not the first call in the program, and an earlier "
                "one closed the loop; asyncio.run makes a new one each time")


class Subject:
    """The loaded file under test; a name it lacks is a Failure.

    Each read of a name is a look: outside the wall there is no module, and
    the recorded value is replayed.
    """

    def __init__(self, module: ModuleType, file: str,
                 transcript: Transcript) -> None:
        self._module = module
        self._file = file
        self._transcript = transcript

    def __getattr__(self, name: str) -> Any:
        value = self._transcript.look(
            f"task.{name}", lambda: self._defined(name))
        return (replace(value, name=name)
                if is_live(value) and value.is_callable else value)

    def _defined(self, name: str) -> Any:
        try:
            value = vars(self._module)[name]
        except KeyError:
            place = place_of(name, self._source())
            raise Failure(f"{self._file} defines no {name}"
                          + (f": {place.words}" if place else ""),
                          cause="missing", expected=name,
                          line=place and place.line) from None
        channel.hand_out(name, value, self._module)
        return value

    def _source(self) -> str:
        path = workspace() / self._file
        return path.read_text("utf-8", "replace") if path.is_file() else ""

    def __contains__(self, name: str) -> bool:
        return bool(self._transcript.look(
            f"{name} in task", lambda: name in vars(self._module)))


class TaskCase(Looking, unittest.TestCase):
    """One aspect of a task; `self.task` is the file, freshly loaded.

    A subclass names its `file`, and in `siblings` the stand-ins for the
    files that it imports. Assertions take the expected value first, as
    assertRaises does, so that the grader can find it and take it out of
    what goes behind the wall; there they compare nothing. `variants` is
    what its task accepts beside the statement: nothing, on its own.

    A check learns about the submission only through `self.task`, `call`,
    `observe`, `see` and methods that are `looks`; everything else in it
    runs twice, behind the wall and outside.
    """

    file: ClassVar[str]
    siblings: Siblings = {}
    variants: Mapping[str, Any] = {}
    task: Subject
    seed = ""

    @classmethod
    def setUpClass(cls) -> None:
        workspace(sys.modules[cls.__module__].__file__)

    def setUp(self) -> None:
        self.seed = self.seed or os.environ.get("GRADE_SEED", "0")
        self.draw()
        loaded = self.transcript.look("load", self.load_task)
        self.task = loaded if isinstance(loaded, Subject) else Subject(
            ModuleType("replayed"), self.file, self.transcript)

    @functools.cached_property
    def random(self) -> random.Random:
        """Return a source of inputs, which are others with each seed."""
        # Most checks have fixed inputs, and need none.
        return random.Random(f"{self.seed} {self.id()}")

    def draw(self) -> None:
        """Draw random inputs that must exist before the file is loaded."""

    def load_task(self) -> Subject:
        """Load the file; suites that need a world around it extend this."""
        return Subject(load(self.file, self.siblings), self.file,
                       self.transcript)

    # Values

    @expects
    def assertReturns(self, expected: object, function: Function, /,
                      *args: Any, **kwargs: Any) -> None:
        """Check that a call returns the expected plain value."""
        got = self._result(show(expected), function, args, kwargs)
        self.assertGot(expected, got, self.name_call(function, args, kwargs))

    @expects
    def assertGot(self, expected: object, got: object, call: str) -> None:
        """Check a value; `call` is the text of the call that returned it."""
        if self.transcript.compares and not same(expected, got):
            raise Failure(wording(expected, got, call), call=call,
                          expected=show(expected), got=show(got))

    @expects
    def assertReturnsType(self, expected: type, function: Function, /,
                          *args: Any, **kwargs: Any) -> None:
        """Check the exact type of what a call returns."""
        wanted = self.transcript.compares and a_type(expected.__name__)
        got = self._result(wanted or "", function, args, kwargs)
        if self.transcript.compares and kind_of(got) != expected.__name__:
            raise self.mismatch(a_type(expected.__name__),
                                a_type(kind_of(got)),
                                self.name_call(function, args, kwargs))

    @expects
    def assertHolds(self, condition: object, failure: Failure) -> None:
        """Check a rule that no other assertion has; raise `failure`."""
        if self.transcript.compares and not condition:
            raise failure

    def observe(self, function: Function, /, *args: Any) -> None:
        """Hand the grader a result to compare with the model's own.

        The expected value is never in this process: the grader runs the
        model with the same seed behind another wall.
        """
        got = self._result(None, function, args, {}, look="observe")
        if not self.transcript.compares:
            return
        right, call = self.transcript.right(got), self.name_call(
            function, args, {})
        if is_live(got):
            raise self.mismatch("plain data", show(got), call)
        self.assertGot(right, got, call)

    def note_type(self, what: str, value: object) -> None:
        """Record the type of a value, within a look, for the types."""
        channel.hand_out(what, value, ModuleType("nothing"))

    def advise(self, remark: str) -> None:
        """Add a remark beside the verdict; it never costs points."""
        self.transcript.advise(remark)

    # Calls

    def call(self, function: Function, /, *args: Any, **kwargs: Any) -> Any:
        """Call the submission; what it raises becomes a Failure."""
        return self._result(None, function, args, kwargs)

    def _result(self, expected: str | None, function: Function,
                args: tuple[Any, ...], kwargs: dict[str, Any],
                look: str = "call",
                then: Callable[[Any], Any] = lambda got: got) -> Any:
        """Look at what a call returns, made plain by `then`."""
        try:
            return self.transcript.look(
                look, lambda: then(self._run(function, args, kwargs)))
        except (Failure, unittest.SkipTest):
            raise
        except BaseException as error:
            if is_a(error, "MemoryError"):
                raise
            call = self.name_call(function, args, kwargs)
            raise self.raised(error, call, expected) from error

    def _run(self, function: Function, args: tuple[Any, ...],
             kwargs: dict[str, Any]) -> Any:
        """Call the submission, within a look."""
        prints.forget_call()
        channel.do(lambda: self.name_call(function, args, kwargs))
        return function(*args, **kwargs)

    def raised(self, error: BaseException, call: str,
               expected: str | None = None) -> Failure:
        """Word an exception that a call of the submission let out."""
        left = is_a(error, "SystemExit")
        what = describe(error)
        if "Event loop is closed" in what:
            what += _SECOND_CALL
        got = ("called exit" if left else what if
               what.startswith("it ") else f"raised {what}")
        wish = (f"should give {expected}, but " if expected
                else "went wrong: " if got is what else "")
        return Failure(f"{call} {wish}{got}",
                       cause="exited" if left else "wrong", call=call,
                       expected=expected or "no error", got=got,
                       line=line_in(error, self.file))

    def mismatch(self, expected: str, got: str, call: str) -> Failure:
        """Word a wrong result."""
        return Failure(f"{call} should give {expected}, not {got}",
                       call=call, expected=expected, got=got)

    def name_call(self, function: Function, args: tuple[Any, ...],
                  kwargs: dict[str, Any]) -> str:
        """Return the text of a call, named as the file names it."""
        names = (name for name, value in vars(self.task._module).items()
                 if value is function)
        fallback = getattr(function, "__name__", "the function")
        return call_text(str(next(names, fallback)), args, kwargs)


def a_type(name: str) -> str:
    """Return "an int", "a str" for the name of a type."""
    if name == "NoneType":
        return "None"
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"
