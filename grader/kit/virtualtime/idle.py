"""Detects when every thread waits, so that time may jump.

Threads that wait where the clock sees it are *parked*. The others are
watched for signs of life: a change of the place in their code or of their
processor time.
"""

from __future__ import annotations

import threading
from _thread import allocate_lock, get_ident
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import inf
from time import monotonic as real_time
from types import FrameType
from typing import Any

from grader.kit.failure import Stuck
from grader.kit.virtualtime.whereabouts import cpu_seconds, current_frames

# Real seconds without a sign of life after which a thread that is in some
# library's call, or a loop that listens to the outside, counts as idle.
PATIENCE = 0.2


@dataclass(eq=False, kw_only=True)
class Parked:
    """A thread with nothing to do until `ready()` or its deadline."""

    ready: Callable[[], object]
    deadline: float
    patience: float = 0.0
    # The thread that it waits for, in Thread.join.
    on: int | None = None
    describe: Callable[[], str] | None = None
    since: float = field(default_factory=real_time)
    bell: Any = field(default_factory=allocate_lock)
    error: Stuck | None = None

    def ring(self) -> None:
        """Make the thread look at once whether it may go on."""
        try:
            self.bell.release()
        except RuntimeError:
            pass  # the bell is ringing already

    def is_up(self, now: float) -> bool:
        """Return whether there is a reason to go on."""
        return (self.error is not None or self.deadline <= now
                or bool(self.ready()))


class Watch:
    """Watches the threads that start after it; older ones do not count."""

    def __init__(self, parked: Mapping[int, Parked]) -> None:
        self._parked = parked
        self._strangers = set(current_frames()) - {get_ident()}
        self._marks: dict[int, tuple[object, float]] = {}

    def is_alone(self) -> bool:
        """Return whether the calling thread is the only one."""
        return len(current_frames()) == 1 and not getattr(threading, "_limbo")

    def quiet_for(self, now: float, but: int | None = None) -> float:
        """Return for how many real seconds no thread has been at work.

        That is infinite where all are parked. `now` is the virtual time;
        the thread `but` is left out.
        """
        frames = current_frames()
        self._strangers &= frames.keys()
        starting: dict[Any, Any] = getattr(threading, "_limbo")
        joined = {one.on for one in self._parked.values()} - {None}
        # A thread that is about to end has no frame any more, but is_alive
        # says True: the thread that joins it is not yet ready.
        if starting or not joined <= frames.keys():
            return 0.0
        return min((self._parked_for(self._parked[ident], now)
                    if ident in self._parked else self._still(ident, frame)
                    for ident, frame in frames.items()
                    if ident not in self._strangers and ident != but),
                   default=inf)

    def _parked_for(self, parked: Parked, now: float) -> float:
        if parked.is_up(now):
            return 0.0
        return real_time() - parked.since if parked.patience else inf

    def _still(self, ident: int, frame: FrameType) -> float:
        # f_lasti is the instruction: a loop on one line moves it too.
        mark = id(frame), frame.f_lasti, cpu_seconds(ident)
        before, since = self._marks.get(ident, (None, 0.0))
        if mark != before:
            since = real_time()
            self._marks[ident] = mark, since
        return real_time() - since
