"""The base class of suites for code that waits, on a virtual clock."""

from __future__ import annotations

import ast
import asyncio
import inspect
import unittest
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from grader.kit.case import Subject, TaskCase, a_type
from grader.kit.clock import Clock, virtual_time
from grader.kit.failure import Failure
from grader.kit.scratch import workspace
from grader.kit.values import same, show

Function = Callable[..., Any]


class TimedCase(TaskCase):
    """A task that waits: loaded and run in virtual time.

    `self.clock` counts from when the file is loaded: whatever a demo in it
    waits for is nobody's business.
    """

    clock: Clock

    def load_task(self) -> Subject:
        """Enter virtual time, and load the file within."""
        self.clock = self.enterContext(virtual_time())
        subject = super().load_task()
        self.clock.start_over()
        return subject

    def call(self, function: Function, /, *args: Any, **kwargs: Any) -> Any:
        """Call the submission; a call that would never end is a Failure."""
        call = self.name_call(function, args, kwargs)
        try:
            got = super().call(function, *args, **kwargs)
        except Failure as failure:
            raise self._stuck(call) or failure from None
        if stuck := self._stuck(call):
            raise stuck
        return got

    def run_async(self, function: Function, /, *args: Any) -> Any:
        """Call and await in a new event loop; return the result."""
        return self.run_often(1, function, *args)[0]

    def run_often(self, times: int, function: Function, /,
                  *args: Any) -> list[Any]:
        """Call and await so often, one after the other, in one loop."""
        call = self.name_call(function, args, {})

        async def main() -> list[Any]:
            return [await self._awaitable(function(*args), call)
                    for _ in range(times)]
        results: list[Any] = self.run_main(main(), call)
        return results

    def _awaitable(self, made: Any, call: str) -> Any:
        if inspect.isawaitable(made):
            return made
        name = call.partition("(")[0]
        raise Failure(
            f"{call} must be awaited, and it gave {a_type(type(made))}"
            f": {name} should be a coroutine (async def)",
            call=call, expected="a coroutine", got=show(made))

    def run_main(self, main: Coroutine[Any, Any, Any], call: str) -> Any:
        """Run a coroutine of the suite's own around `call`."""
        try:
            got = asyncio.run(main)
        except (unittest.SkipTest, MemoryError):
            raise
        except BaseException as error:
            self._fail(error, call)
        if stuck := self._stuck(call):
            raise stuck
        return got

    def collect(self, function: Function, /, *args: Any,
                most: int = 20) -> list[tuple[float, Any]]:
        """Return what an async generator gives, each after how many seconds.

        After `most` items it is left alone.
        """
        return self.collect_often(1, function, *args, most=most)[0]

    def collect_often(self, times: int, function: Function, /, *args: Any,
                      most: int = 20) -> list[list[tuple[float, Any]]]:
        """Do so again and again, in one event loop."""
        call = self.name_call(function, args, {})

        async def once() -> list[tuple[float, Any]]:
            source = function(*args)
            if not hasattr(type(source), "__aiter__"):
                raise self.mismatch("an async generator",
                                    a_type(type(source)), call)
            got: list[tuple[float, Any]] = []
            start = self.clock.now
            async for item in source:
                got.append((self.clock.now - start, item))
                if len(got) == most:
                    break
            return got

        async def main() -> list[list[tuple[float, Any]]]:
            return [await once() for _ in range(times)]
        results: list[list[tuple[float, Any]]] = self.run_main(main(), call)
        return results

    def assertTook(self, expected: float, call: str) -> None:
        """Check the virtual seconds since the file was loaded.

        The message says whether the waits came one after another, or
        whether time.sleep held up the event loop.
        """
        took, waits = self.clock.elapsed, self.clock.waits
        if same(expected, took):
            return
        message = f"{call} took {took:g} s, and should take {expected:g} s"
        if self.clock.blocking:
            message += ": time.sleep holds up the event loop"
        elif took > expected and self.clock.overlap() == 1 and same(
                expected, max(wait.seconds for wait in waits)):
            message = (f"{call} took {took:g} s for {len(waits)} waits that "
                       f"take {expected:g} s at once: they run one after "
                       "another")
        raise Failure(message, call=call, expected=f"{expected:g} s",
                      got=f"{took:g} s", compared=(expected, took))

    def assertUses(self, expected: int, got: int, name: str,
                   call: str) -> None:
        """Check how often a call called the sibling `name`."""
        if expected == got:
            return
        wanted, used = (_times(number) for number in (expected, got))
        calls = f"calls {name} {used}" if got else f"never calls {name}"
        raise Failure(f"{call} {calls}, and should call it {wanted}",
                      call=call, expected=f"{name} called {wanted}",
                      got=f"{name} called {used}" if got
                      else f"{name} not called", compared=(expected, got))

    def assertPasses(self, expected: object, got: object, name: str,
                     call: str) -> None:
        """Check the arguments that a call passed on to the sibling."""
        if not same(expected, got):
            raise Failure(f"{call} should pass {show(expected)} to {name}, "
                          f"not {show(got)}", call=call,
                          expected=show(expected), got=show(got),
                          compared=(expected, got))

    def nodes(self) -> list[ast.AST]:
        """Return the syntax of the file, for advice about its form."""
        source = (workspace() / self.file).read_bytes()
        return list(ast.walk(ast.parse(source)))

    def called_names(self) -> set[str]:
        """Return the last words of what the file calls: sorted, gather."""
        called = [node.func for node in self.nodes()
                  if isinstance(node, ast.Call)]
        return ({name.id for name in called if isinstance(name, ast.Name)}
                | {name.attr for name in called
                   if isinstance(name, ast.Attribute)})

    def _fail(self, error: BaseException, call: str) -> NoReturn:
        if stuck := self._stuck(call):
            raise stuck from None
        if isinstance(error, Failure):
            raise error
        raise self.raised(error, call) from error

    def _stuck(self, call: str) -> Failure | None:
        if self.clock.stuck is None:
            return None
        reason = self.clock.stuck.message.removeprefix("it ")
        return Failure(f"{call} {reason}", cause="timeout", call=call)


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
