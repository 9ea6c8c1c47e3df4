"""The base class of suites about the errors that a call lets out."""

from __future__ import annotations

from typing import Any

from grader.kit.case import Function, TaskCase
from grader.kit.exceptions import describe
from grader.kit.failure import Failure
from grader.kit.live import is_a
from grader.kit.transcript import expects, looks
from grader.kit.values import show


class RaisingCase(TaskCase):
    """A task whose functions must not hide errors."""

    @looks
    def inside(self, function: Function, /, *args: Any, call: str,
               **kwargs: Any) -> Any:
        """Call a helper that runs the submission's code for `call`."""
        try:
            return function(*args, **kwargs)
        except Failure:
            raise
        except BaseException as error:
            raise self.raised(error, call) from error

    def attempt(self, function: Function, /, *args: Any,
                **kwargs: Any) -> BaseException | None:
        """Call, and return what is raised: for checks of what remains."""
        try:
            self.transcript.look(
                "attempt", lambda: function(*args, **kwargs))
        except Failure as failure:
            if failure.__cause__ is None:
                raise
            return failure.__cause__
        except BaseException as error:
            if is_a(error, "MemoryError"):
                raise
            return error
        return None

    @expects
    def assertRaisesOn(self, error: type[BaseException] | str,
                       function: Function, /, *args: Any,
                       **kwargs: Any) -> None:
        """Check that a call lets an error out, of that type or that name.

        Any error will do, since wrapping one is not hiding it; another
        type than the expected one is worth advice.
        """
        self.assertLetsOut(error, lambda: function(*args, **kwargs),
                           self.name_call(function, args, kwargs))

    @expects
    def assertLetsOut(self, error: type[BaseException] | str,
                      function: Function, call: str) -> None:
        """Check the same of a function of the suite's own around `call`."""
        try:
            got = self.transcript.look("call", function)
        except Failure:
            raise
        except BaseException as raised:
            if not is_a(raised, "Exception"):
                raise self.raised(raised, call) from raised
            if self.transcript.compares:
                self._advise_original(error, raised)
            return
        if self.transcript.compares:
            raise self._swallowed(call, _name(error), got)

    def _advise_original(self, error: type[BaseException] | str,
                         raised: BaseException) -> None:
        if not is_a(raised, _name(error)):
            self.advise(f"let the original {_name(error)} out, not "
                        f"{describe(raised)}: callers look for it")

    def _swallowed(self, call: str, error: str, got: object) -> Failure:
        return Failure(
            f"{call} hides the {error} that was raised and gives"
            f" {show(got)}: its caller takes that for success", call=call,
            expected=f"raises {error}", got=show(got))


def _name(error: type[BaseException] | str) -> str:
    return error if isinstance(error, str) else error.__name__
