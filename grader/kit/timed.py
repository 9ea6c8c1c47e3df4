"""The base class of suites for code that waits, in virtual time."""

from __future__ import annotations

import ast
import asyncio
import inspect
import unittest
from collections.abc import Callable, Coroutine, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, NoReturn

from grader.kit.case import Subject, TaskCase, a_type
from grader.kit.failure import Failure
from grader.kit.live import kind_of
from grader.kit.scratch import workspace
from grader.kit.transcript import expects, looks
from grader.kit.unawaited import line_of_unawaited
from grader.kit.values import same, show
from grader.kit.virtualtime.clock import Clock
from grader.kit.virtualtime.patches import virtual_time

Function = Callable[..., Any]
# Clocks of the processor's time, which none of the waits takes.
_STILL = {"process_time", "process_time_ns", "thread_time", "thread_time_ns"}


class Waited(NamedTuple):
    """How the virtual time of a call went.

    `waits` are the seconds of each wait, `overlap` is how many there were
    at once at most, `is_blocking` whether time.sleep was among them.
    """

    seconds: float
    waits: list[float]
    is_blocking: bool
    overlap: int


class TimedCase(TaskCase):
    """A task that waits: loaded and run in virtual time.

    `self.clock` counts from when the file is loaded: what a demo in it
    waits for does not count.
    """

    clock: Clock

    def load_task(self) -> Subject:
        """Enter virtual time, and load the file within."""
        self.clock = self.enterContext(virtual_time())
        subject = super().load_task()
        # What code at the end of the file closes is another program's.
        if _closed_loop():
            setattr(asyncio.events, "_event_loop_policy", None)
        self.clock.start_over()
        return subject

    def _run(self, function: Function, args: tuple[Any, ...],
             kwargs: dict[str, Any]) -> Any:
        """Call the submission; a call that would never end is a Failure."""
        call = self.name_call(function, args, kwargs)
        self._forget_closed_loop(call)
        try:
            got = super()._run(function, args, kwargs)
        except BaseException as error:
            if stuck := self._stuck(call):
                raise stuck from None
            raise error
        if stuck := self._stuck(call):
            raise stuck
        return got

    def _forget_closed_loop(self, call: str) -> None:
        """Let asyncio.get_event_loop() make a loop as in a new program.

        Code that closes the loop which it got there runs once a program,
        and so do the programs of those who write it.
        """
        if _closed_loop() and "get_event_loop" in self.called_names():
            setattr(asyncio.events, "_event_loop_policy", None)
            self.advise(f"{call.partition('(')[0]} closes the event loop of "
                        "the program, so it can be called only once in it: "
                        "asyncio.run makes a loop of its own for each call")

    def run_async(self, function: Function, /, *args: Any) -> Any:
        """Call and await in a new event loop; return the result."""
        return self.run_often(1, function, *args)[0]

    @looks
    def run_often(self, times: int, function: Function, /,
                  *args: Any) -> list[Any]:
        """Call and await `times` times, one after the other, in one loop."""
        call = self.name_call(function, args, {})

        async def main() -> list[Any]:
            return [await self._awaitable(function(*args), call)
                    for _ in range(times)]
        results: list[Any] = self.run_main(main, call)
        return results

    def _awaitable(self, made: Any, call: str) -> Any:
        if inspect.isawaitable(made):
            return made
        name = call.partition("(")[0]
        raise Failure(
            f"{call} must be awaited, and it gave {a_type(kind_of(made))}"
            f": {name} should be a coroutine (async def)",
            call=call, expected="a coroutine", got=show(made))

    @looks
    def run_main(self, main: Callable[[], Coroutine[Any, Any, Any]],
                 call: str) -> Any:
        """Run a coroutine function of the suite's own around `call`."""
        try:
            got = asyncio.run(main())
        except (unittest.SkipTest, MemoryError):
            raise
        except BaseException as error:
            self._fail(error, call)
        if stuck := self._stuck(call):
            raise stuck
        return got

    def collect(self, function: Function, /, *args: Any, most: int = 20,
                pauses: Sequence[float] = ()) -> list[tuple[float, Any]]:
        """Return what an async generator yields: pairs of seconds and item.

        The seconds count from the call. After `most` items it is left
        alone. `pauses` are the seconds before each next item is asked for.
        """
        return self.collect_often(1, function, *args, most=most,
                                  pauses=pauses)[0]

    @looks
    def collect_often(self, times: int, function: Function, /, *args: Any,
                      most: int = 20, pauses: Sequence[float] = ()
                      ) -> list[list[tuple[float, Any]]]:
        """Do the same `times` times, in one event loop."""
        call = self.name_call(function, args, {})

        async def once() -> list[tuple[float, Any]]:
            source = function(*args)
            if not hasattr(type(source), "__aiter__"):
                raise self.mismatch("an async generator",
                                    a_type(kind_of(source)), call)
            got: list[tuple[float, Any]] = []
            start = self.clock.now
            async for item in source:
                got.append((self.clock.now - start, item))
                if len(got) == most:
                    break
                for pause in pauses[len(got) - 1:len(got)]:
                    await asyncio.sleep(pause)
            return got

        async def main() -> list[list[tuple[float, Any]]]:
            return [await once() for _ in range(times)]
        results: list[list[tuple[float, Any]]] = self.run_main(main, call)
        return results

    @property
    def waited(self) -> Waited:
        """Return how the time went since the file was loaded: a look."""
        clock = self.see(lambda: (
            self.clock.elapsed, [wait.seconds for wait in self.clock.waits],
            bool(self.clock.blocking), self.clock.overlap()))
        return Waited(*clock)

    @expects
    def assertTook(self, expected: float, call: str) -> None:
        """Check the virtual seconds since the file was loaded.

        The message says whether the waits came one after another, or
        whether time.sleep held up the event loop.
        """
        waited = self.waited
        dropped = [(name, line) for name in ("gather", "asyncio.sleep")
                   if (line := self.dropped(name))]
        took, waits = waited.seconds, waited.waits
        if not self.transcript.compares or same(expected, took):
            return
        message = f"{call} took {took:g} s, and should take {expected:g} s"
        if waited.is_blocking:
            message += ": time.sleep holds up the event loop"
        elif took < expected and dropped:
            name, line = dropped[0]
            message += f": the result of {name} is not awaited (line {line})"
        elif took > expected and waited.overlap == 1 and same(
                expected, max(waits)):
            message = (f"{call} took {took:g} s for {len(waits)} waits that "
                       f"take {expected:g} s at once: they run one after "
                       "another")
        raise Failure(message, call=call, expected=f"{expected:g} s",
                      got=f"{took:g} s")

    @looks
    def dropped(self, name: str) -> int | None:
        """Return the line of a call whose result nothing waits for."""
        return line_of_unawaited(name, self._source())

    @expects
    def assertUses(self, expected: int, got: int, name: str,
                   call: str, called: int = 0) -> None:
        """Check how often a call ran the sibling `name`.

        `called` says how many coroutines it made of it, run or not.
        """
        if not self.transcript.compares or expected == got:
            return
        if called and not got:
            raise Failure(
                f"{call} calls {name}, but the coroutine that this gives "
                "never runs: await it, or give it to asyncio.run", call=call,
                expected=f"{name} run", got="a coroutine that never runs")
        wanted, used = (_times(number) for number in (expected, got))
        calls = f"calls {name} {used}" if got else f"never calls {name}"
        raise Failure(f"{call} {calls}, and should call it {wanted}",
                      call=call, expected=f"{name} called {wanted}",
                      got=f"{name} called {used}" if got
                      else f"{name} not called")

    @expects
    def assertPasses(self, expected: object, got: object, name: str,
                     call: str) -> None:
        """Check the arguments that a call passed on to the sibling."""
        if self.transcript.compares and not same(expected, got):
            raise Failure(f"{call} should pass {show(expected)} to {name}, "
                          f"not {show(got)}", call=call,
                          expected=show(expected), got=show(got))

    @expects
    def assertClockRuns(self, expected: float, got: object, call: str
                        ) -> None:
        """Check that a wrong time is not that of a clock that stands still.
        """
        clocks = sorted(_STILL & self.called_names())
        if self.transcript.compares and clocks and not got == expected:
            raise Failure(
                f"{call} measures with {' and '.join(clocks)}(), which "
                "stands still while the program waits: use time.time() or "
                "time.perf_counter()", call=call, expected=f"{expected:g}",
                got=str(got))

    def _source(self) -> bytes:
        return (workspace() / self.file).read_bytes()

    def nodes(self) -> tuple[ast.AST, ...]:
        """Return all nodes of the file's syntax tree."""
        return _nodes(self._source())

    @looks
    def called_names(self) -> set[str]:
        """Return the names that the file calls, without what has a dot before.
        """
        return set(_called_names(self._source()))

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


# Most checks of a suite ask these of the same file.
@lru_cache(maxsize=2)
def _nodes(source: bytes) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(source)))


@lru_cache(maxsize=2)
def _called_names(source: bytes) -> frozenset[str]:
    called = [node.func for node in _nodes(source)
              if isinstance(node, ast.Call)]
    return frozenset(name.id if isinstance(name, ast.Name) else name.attr
                     for name in called
                     if isinstance(name, (ast.Name, ast.Attribute)))


def _closed_loop() -> bool:
    """Return whether asyncio.get_event_loop() would give a closed loop."""
    policy = getattr(asyncio.events, "_event_loop_policy", None)
    loop = getattr(getattr(policy, "_local", None), "_loop", None)
    return loop is not None and bool(loop.is_closed())


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"
