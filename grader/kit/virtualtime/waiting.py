"""The lock, queue and event loop selector that wait on a virtual clock.

`clock` is set in a subclass, since code makes its locks without arguments.
"""

from __future__ import annotations

import asyncio
import functools
import queue
import selectors
from _thread import allocate_lock
from collections import deque
from math import inf
from typing import Any

from grader.kit.virtualtime import whereabouts
from grader.kit.virtualtime.clock import Clock
from grader.kit.virtualtime.idle import PATIENCE


class Lock:
    """threading.Lock, which all of threading and queue is built on."""

    clock: Clock

    def __init__(self) -> None:
        self._real = allocate_lock()
        self.locked = self._real.locked

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if self._real.acquire(False):
            return True
        if not blocking or self.clock.is_over:
            return self._real.acquire(blocking, timeout)
        deadline = inf if timeout < 0 else self.clock.now + timeout
        while not self._real.acquire(False):
            if deadline <= self.clock.now:
                return False
            self.clock.park(self._is_free, deadline)
        return True

    def _is_free(self) -> bool:
        return not self.locked()

    def release(self) -> None:
        self._real.release()
        self.clock.nudge()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _at_fork_reinit(self) -> None:
        self.__init__()  # type: ignore[misc]


class SimpleQueue:
    """queue.SimpleQueue; the real one waits in C, unseen by the clock."""

    clock: Clock

    def __init__(self) -> None:
        self._items: deque[Any] = deque()

    def put(self, item: Any, block: bool = True,
            timeout: float | None = None) -> None:
        self._items.append(item)
        self.clock.nudge()

    put_nowait = put

    def get(self, block: bool = True, timeout: float | None = None) -> Any:
        deadline = self.clock.now + (inf if timeout is None else timeout)
        while True:
            try:
                return self._items.popleft()
            except IndexError:
                if not block or deadline <= self.clock.now:
                    raise queue.Empty from None
            self.clock.park(self.qsize, deadline)

    def get_nowait(self) -> Any:
        return self.get(False)

    def empty(self) -> bool:
        return not self._items

    def qsize(self) -> int:
        return len(self._items)


class Selector(selectors.DefaultSelector):
    """The selector that an event loop waits in."""

    clock: Clock

    def select(self, timeout: float | None = None
               ) -> list[tuple[selectors.SelectorKey, int]]:
        if self.clock.is_over:
            return super().select(timeout)
        ready = super().select(0)
        if ready:
            return ready
        if timeout is not None and timeout <= 0:
            self.clock.spin()
            return []
        loop = asyncio.events._get_running_loop()
        # One file is the loop's own, for threads to wake it with. Any
        # other is a socket or pipe, whose far end may answer in real time.
        patience = PATIENCE if len(self.get_map()) > 1 else 0.0
        self.clock.park(
            self._peek, self.clock.now + (inf if timeout is None else timeout),
            patience=patience, rest=super().select,
            describe=functools.partial(whereabouts.tasks, loop))
        return super().select(0)

    def _peek(self) -> object:
        return super().select(0)
