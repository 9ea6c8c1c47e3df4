"""The base class of suites about errors that must leave a call."""

from __future__ import annotations

from typing import Any

from grader.kit.case import Function, TaskCase
from grader.kit.exceptions import describe, line_in
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
        """Call, and return what is raised; None if nothing is.

        It is for checks of the state that a call leaves.
        """
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
        """Check that a call raises, where any error will do.

        Another type than that of the expected error, or its name, is worth
        advice.
        """
        call = self.name_call(function, args, kwargs)
        raised = self._raised_by(error, call, function, args, kwargs)
        if self.transcript.compares and not is_a(raised, _name(error)):
            self.advise(f"let the original {_name(error)} out, not "
                        f"{describe(raised)}: callers look for it")

    @expects
    def assertLetsOut(self, error: type[BaseException] | str, text: str,
                      function: Function, /, *args: Any,
                      call: str | None = None, **kwargs: Any) -> None:
        """Check that the error raised inside a call is what comes out.

        It is identified by its type, or the name of that, and by `text`,
        a part of its message. `call` names the call in messages.
        """
        call = call or self.name_call(function, args, kwargs)
        raised = self._raised_by(error, call, function, args, kwargs)
        if self.transcript.compares and not (
                is_a(raised, _name(error)) and text in describe(raised)):
            raise Failure(
                f"{call} should let out the {_name(error)} that is raised in "
                f"it, and raises {describe(raised)}", call=call,
                expected=f"raises {_name(error)}: {text}",
                got=f"raised {describe(raised)}",
                line=line_in(raised, self.file))

    def _raised_by(self, error: type[BaseException] | str, call: str,
                   function: Function, args: tuple[Any, ...],
                   kwargs: dict[str, Any]) -> BaseException:
        """Return what a call raises; raise Failure if nothing is."""
        try:
            got = self.transcript.look(
                "call", lambda: function(*args, **kwargs))
        except Failure:
            raise
        except BaseException as raised:
            if not is_a(raised, "Exception"):
                raise self.raised(raised, call) from raised
            return raised
        raise self._swallowed(call, _name(error)
                              if self.transcript.compares else "error", got)

    def _swallowed(self, call: str, error: str, got: object) -> Failure:
        return Failure(
            f"{call} hides the {error} that was raised and gives"
            f" {show(got)}: its caller takes that for success", call=call,
            expected=f"raises {error}", got=show(got))


def _name(error: type[BaseException] | str) -> str:
    return error if isinstance(error, str) else error.__name__
