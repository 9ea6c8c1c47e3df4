"""The base class of suites about the errors that a call lets out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

from grader.kit.case import Function, TaskCase
from grader.kit.exceptions import describe
from grader.kit.failure import Failure
from grader.kit.values import show


class RaisingCase(TaskCase):
    """A task whose functions must not hide errors."""

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
            function(*args, **kwargs)
        except Failure as failure:
            if failure.__cause__ is None:
                raise
            return failure.__cause__
        except MemoryError:
            raise
        except BaseException as error:
            return error
        return None

    def assertRaisesOn(self, error: type[BaseException] | None,
                       function: Function, /, *args: Any,
                       **kwargs: Any) -> BaseException:
        """Check that a call lets an error out, and return what comes out.

        Any error will do, since wrapping one is not hiding it; another
        type than the expected one is worth advice. None, which no suite
        writes but twins do, stands for no error.
        """
        call = self.name_call(function, args, kwargs)
        try:
            got = function(*args, **kwargs)
        except Failure:
            raise
        except Exception as raised:
            if error is None:
                raise self.raised(raised, call) from raised
            if not isinstance(raised, error):
                self._advise_original(error, raised)
            return raised
        except BaseException as raised:
            raise self.raised(raised, call) from raised
        self._swallowed(call, error or Exception, got)

    def _advise_original(self, error: type[BaseException],
                         raised: Exception) -> None:
        self.advise(f"let the original {error.__name__} out, not "
                    f"{describe(raised)}: callers look for it")

    def _swallowed(self, call: str, error: type[BaseException],
                   got: object) -> NoReturn:
        raise Failure(
            f"{call} hides the {error.__name__} that was raised and gives"
            f" {show(got)}: its caller takes that for success", call=call,
            expected=f"raises {error.__name__}", got=show(got))

    @contextmanager
    def assertLetsThrough(self, error: BaseException | None, call: str
                          ) -> Iterator[None]:
        """Check that `error`, raised in the block, leaves it."""
        try:
            yield
        except Failure:
            raise
        except Exception as raised:
            if error is None:
                raise self.raised(raised, call) from raised
            if raised is not error:
                self._advise_original(type(error), raised)
            return
        self._swallowed(call, type(error) if error else Exception, None)
