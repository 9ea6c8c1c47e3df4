"""The base class of graded suites: loads the file, words the failures."""

from __future__ import annotations

import os
import random
import sys
import unittest
from collections.abc import Callable
from types import ModuleType
from typing import Any, ClassVar

from grader.kit import channel, prints
from grader.kit.difference import wording
from grader.kit.exceptions import describe, line_in
from grader.kit.failure import Failure
from grader.kit.load import Siblings, load
from grader.kit.packing import pack
from grader.kit.scratch import workspace
from grader.kit.values import call_text, same, show

Function = Callable[..., Any]


class Subject:
    """The loaded file under test; a name it lacks is a Failure."""

    def __init__(self, module: ModuleType, file: str) -> None:
        self._module = module
        self._file = file

    def __getattr__(self, name: str) -> Any:
        try:
            return vars(self._module)[name]
        except KeyError:
            raise Failure(f"{self._file} defines no {name}",
                          cause="missing", expected=name) from None

    def __contains__(self, name: str) -> bool:
        return name in vars(self._module)


class TaskCase(unittest.TestCase):
    """One aspect of a task; `self.task` is the file, freshly loaded.

    A subclass names its `file`, and in `siblings` the stand-ins for the
    files that it imports. Assertions take the expected value first, as
    assertRaises does, so that the grader can find and spoil it.
    """

    file: ClassVar[str]
    siblings: Siblings = {}
    task: Subject

    @classmethod
    def setUpClass(cls) -> None:
        workspace(sys.modules[cls.__module__].__file__)

    def setUp(self) -> None:
        seed = os.environ.get("GRADE_SEED", "0")
        self.random = random.Random(f"{seed} {self.id()}")
        self.task = self.load_task()

    def load_task(self) -> Subject:
        """Load the file; suites that need a world around it extend this."""
        return Subject(load(self.file, self.siblings), self.file)

    # Values

    def assertReturns(self, expected: object, function: Function, /,
                      *args: Any, **kwargs: Any) -> None:
        """Check that a call returns the expected plain value."""
        got = self._result(show(expected), function, args, kwargs)
        self.assertGot(expected, got, self.name_call(function, args, kwargs))

    def assertGot(self, expected: object, got: object, call: str) -> None:
        """Check a value already at hand; `call` says where it came from."""
        if not same(expected, got):
            raise Failure(wording(expected, got, call), call=call,
                          expected=show(expected), got=show(got),
                          compared=(expected, got))

    def assertReturnsType(self, expected: type, function: Function, /,
                          *args: Any, **kwargs: Any) -> None:
        """Check the exact type of what a call returns."""
        got = self._result(a_type(expected), function, args, kwargs)
        if type(got) is not expected:
            call = self.name_call(function, args, kwargs)
            failure = self.mismatch(a_type(expected), a_type(type(got)), call)
            failure.compared = failure.expected, failure.got
            raise failure

    def observe(self, function: Function, /, *args: Any) -> None:
        """Hand the grader a result to compare with the model's own.

        The expected value is never in this process: the grader runs the
        model with the same seed behind another wall.
        """
        got = self.call(function, *args)
        call = self.name_call(function, args, {})
        try:
            channel.observe(call, pack(got))
        except TypeError:
            raise self.mismatch("plain data", show(got), call) from None

    def advise(self, remark: str) -> None:
        """Add a remark beside the verdict; it never costs points."""
        channel.advise(remark)

    # Calls

    def call(self, function: Function, /, *args: Any, **kwargs: Any) -> Any:
        """Call the submission; what it raises becomes a Failure."""
        return self._result(None, function, args, kwargs)

    def _result(self, expected: str | None, function: Function,
                args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        prints.forget_call()
        channel.do(lambda: self.name_call(function, args, kwargs))
        try:
            return function(*args, **kwargs)
        except (Failure, unittest.SkipTest, MemoryError):
            raise
        except BaseException as error:
            call = self.name_call(function, args, kwargs)
            raise self.raised(error, call, expected) from error

    def raised(self, error: BaseException, call: str,
               expected: str | None = None) -> Failure:
        """Word an exception that a call of the submission let out."""
        left = isinstance(error, SystemExit)
        what = describe(error)
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


def a_type(kind: type) -> str:
    """Return "an int", "a str"."""
    if kind is type(None):
        return "None"
    name = str(type.__dict__["__name__"].__get__(kind))
    return f"an {name}" if name[:1].lower() in "aeiou" else f"a {name}"
