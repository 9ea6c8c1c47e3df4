"""Replaces what code waits or reads the time with by one virtual clock.

`virtual_time` replaces names in the standard library, so it must be entered
before the file under test is imported and can copy them. Event loops need
no policy: whichever way one is made, it waits in its selector.
"""

from __future__ import annotations

import asyncio
import copyreg
import datetime
import functools
import queue
import selectors
import sys
import threading
import time
import timeit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from math import inf
from typing import Any
from unittest import mock

from grader.kit.replacing import Change, replaced
from grader.kit.virtualtime.clock import MONOTONIC, Clock
from grader.kit.virtualtime.waiting import Lock, Selector, SimpleQueue

_NANO = 1_000_000_000
# Unlike the start of the other clocks, as in real life: a program that
# mixes two of them gets nonsense here as well.
_PERFORMANCE = 11
_sleep, _async_sleep = time.sleep, asyncio.sleep
_join = threading.Thread.join
_datetime = datetime.datetime
_localtime = time.localtime


@contextmanager
def virtual_time(limit: float = 3600.0,
                 start: float | None = None) -> Iterator[Clock]:
    """Yield a new clock that everything waits on.

    It starts at `start`, in seconds since the epoch, or now. Within,
    `time.sleep`, timeouts of locks, queues and threads, and event loops
    take no real time. A program that waits beyond `limit` virtual seconds
    is stuck. Threads left waiting at the end are ended.
    """
    clock = Clock(limit)
    patches = _patches(clock, time.time() if start is None else start)
    # A pickle names the class, and by that name there is another now.
    with replaced(*patches), mock.patch.dict(
            copyreg.dispatch_table, {_datetime: _pickled}):
        try:
            yield clock
        finally:
            clock.close()


def _patches(clock: Clock, start: float) -> Iterator[Change]:
    yield from _readings(_readers(clock, start))
    yield from _waits(clock)


def _readings(readers: dict[str, Callable[[], float]]) -> Iterator[Change]:
    """Yield the functions that return the time, wherever modules keep them.
    """
    for name, function in readers.items():
        yield time, name, function
    yield threading, "_time", readers["monotonic"]
    yield queue, "time", readers["monotonic"]
    yield timeit, "default_timer", readers["perf_counter"]
    for user in timeit.timeit, timeit.repeat, timeit.Timer.__init__:
        yield user, "__defaults__", tuple(
            readers["perf_counter"] if default is timeit.default_timer
            else default for default in user.__defaults__ or ())
    yield datetime, "datetime", _calendar(readers["time"])
    for name in "localtime", "gmtime", "ctime":
        yield time, name, _at(getattr(time, name), readers["time"])
    for name, most in ("asctime", 1), ("strftime", 2):
        yield time, name, _of_now(getattr(time, name), most, readers["time"])


def _waits(clock: Clock) -> Iterator[Change]:
    """Yield what waits: sleeps, event loops, locks, threads, queues.

    Some modules have copies of the names.
    """
    yield time, "sleep", _sleeper(clock)
    async_sleep = _async_sleeper(clock)
    for module in asyncio, asyncio.tasks:
        yield module, "sleep", async_sleep
    # A fresh policy holds no loop of an earlier test.
    yield asyncio.events, "_event_loop_policy", None
    bound = {"clock": clock}
    yield selectors, "DefaultSelector", type("Selector", (Selector,), bound)
    lock = type("Lock", (Lock,), bound)
    yield threading, "Lock", lock
    yield threading, "_allocate_lock", lock
    # The one in C waits where the clock cannot see it.
    yield threading, "RLock", getattr(threading, "_PyRLock")
    yield threading.Thread, "join", _joiner(clock)
    simple = type("SimpleQueue", (SimpleQueue,), bound)
    for name in "queue", "aiosqlite.core":
        if hasattr(sys.modules.get(name), "SimpleQueue"):
            yield sys.modules[name], "SimpleQueue", simple


def _readers(clock: Clock, start: float) -> dict[str, Callable[[], float]]:
    # Whole seconds, so that differences of halves and quarters are exact.
    starts = {"time": int(start), "monotonic": MONOTONIC,
              "perf_counter": _PERFORMANCE}
    return {
        **{name: _reader(clock, start) for name, start in starts.items()},
        **{f"{name}_ns": _nano_reader(clock, start)
           for name, start in starts.items()}}


def _reader(clock: Clock, start: int) -> Callable[[], float]:
    return lambda: start + clock.read()


def _nano_reader(clock: Clock, start: int) -> Callable[[], int]:
    return lambda: start * _NANO + round(clock.read() * _NANO)


def _sleeper(clock: Clock) -> object:
    @functools.wraps(_sleep)
    def sleep(seconds: Any, /) -> None:
        if (clock.is_over or not isinstance(seconds, (int, float))
                or not 0 <= seconds < inf):
            _sleep(seconds)  # which raises what it always raises
        else:
            clock.sleep(seconds)
    return sleep


def _async_sleeper(clock: Clock) -> object:
    @functools.wraps(_async_sleep)
    async def sleep(delay: Any, result: Any = None) -> Any:
        clock.note(clock.now, delay)
        return await _async_sleep(delay, result)
    return sleep


def _joiner(clock: Clock) -> object:
    @functools.wraps(_join)
    def join(self: threading.Thread, timeout: float | None = None) -> None:
        if (clock.is_over or not self.is_alive()
                or self is threading.current_thread()):
            return _join(self, timeout)
        deadline = clock.now + (inf if timeout is None else timeout)
        clock.park(lambda: not self.is_alive(), deadline, on=self.ident)
        if not self.is_alive():
            _join(self)
    return join


def _at(function: Callable[..., Any],
        seconds: Callable[[], float]) -> Callable[..., Any]:
    """Return a function of a moment, which is the clock's where none is."""
    @functools.wraps(function)
    def at(moment: float | None = None, /) -> Any:
        return function(seconds() if moment is None else moment)
    return at


def _of_now(function: Callable[..., Any], most: int,
            seconds: Callable[[], float]) -> Callable[..., Any]:
    """Return a function of a struct_time, the last of `most` arguments.

    Where that is left out, it is the clock's.
    """
    @functools.wraps(function)
    def of_now(*args: Any) -> Any:
        now = () if len(args) == most else (_localtime(seconds()),)
        return function(*args, *now)
    return of_now


def _pickled(moment: datetime.datetime, protocol: int = 4
             ) -> tuple[Any, ...]:
    """Return how to make a datetime again, without its class's name."""
    state: Any = _datetime.__reduce_ex__(moment, 4)
    return _unpickled, state[1]


def _unpickled(*state: Any) -> datetime.datetime:
    return _datetime(*state)


class _Kind(type):
    """The class of VirtualDatetime.

    Real datetimes, from before or from C code, are its instances as well.
    """

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _datetime)


def _calendar(seconds: Callable[[], float]) -> object:
    class VirtualDatetime(_datetime, metaclass=_Kind):
        """datetime.datetime, whose now() is the clock's."""

        __reduce_ex__ = _pickled  # type: ignore[assignment]

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return _datetime.fromtimestamp(seconds(), tz)

        @classmethod
        def utcnow(cls) -> Any:
            utc = _datetime.fromtimestamp(seconds(), datetime.timezone.utc)
            return utc.replace(tzinfo=None)

        @classmethod
        def today(cls) -> Any:
            return cls.now()

    return VirtualDatetime
