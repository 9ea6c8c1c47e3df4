"""A clock that jumps to the next moment at which a waiting thread is due.

Threads and event loops that have nothing to do are *parked* here. When
all of them are, time jumps to the earliest deadline; when none of them has
a deadline, the program is stuck, and a Stuck is raised in it instead of a
hang.
"""

from __future__ import annotations

from _thread import RLock, get_ident
from asyncio import events
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf
from time import monotonic as real_time, sleep as real_sleep
from typing import Any

from grader.kit.failure import Stuck
from grader.kit.virtualtime.idle import PATIENCE, Parked, Watch
from grader.kit.virtualtime.whereabouts import current_frames, place

# What time.monotonic returns as the clock starts; event loops use it.
MONOTONIC = 7
# Real seconds after which a parked thread checks again if it may go on.
LOOK = 0.0005
# Real seconds without work before a program counts as stuck. It is longer than
# the PATIENCE before a jump: to jump late costs only time, but a program that
# is wrongly called stuck gets a wrong verdict.
LAST_PATIENCE = 2.0
# A program spins if it passes through an event loop or time.sleep(0) without
# waiting. Only every SPIN_STEPth pass looks at the threads, which is slow;
# after MAX_SPINS a program is stuck.
SPIN_STEP = 1_000
MAX_SPINS = 20_000
# A loop that reads the clock until it shows a later time waits as well.
# After this many reads in a row each read lets TICK seconds pass.
MAX_READS = 10_000
TICK = 0.01


@dataclass(frozen=True)
class Wait:
    """One sleep: its start and its length, in virtual seconds.

    It is `blocking` if it was a time.sleep that held up an event loop.
    """

    start: float
    seconds: float
    blocking: bool = False


class Clock:
    """Counts virtual seconds from 0, as `now`, and records every sleep.

    A program that still waits after `limit` virtual seconds is stuck. `stuck`
    keeps the first Stuck that was raised, since a submission may catch it.
    """

    def __init__(self, limit: float = 3600.0) -> None:
        self.now = self._start = 0.0
        self.stuck: Stuck | None = None
        self.is_over = False
        self._waits: list[Wait] = []
        self._limit = limit
        self._parked: dict[int, Parked] = {}
        self._mutex = RLock()
        self._owner = get_ident()
        self._watch = Watch(self._parked)
        self._spins = self._reads = 0

    @property
    def elapsed(self) -> float:
        """Return the virtual seconds since the last `start_over`."""
        return self.now - self._start

    def start_over(self) -> None:
        """Count sleeps and elapsed seconds from this moment on."""
        self._start = self.now
        self.forget()

    # The record of sleeps

    def note(self, start: float, seconds: Any, blocking: bool = False
             ) -> None:
        """Record a sleep that begins, unless its length is no number."""
        if isinstance(seconds, (int, float)):
            self._waits.append(Wait(start, float(seconds), blocking))

    def forget(self) -> None:
        """Clear the record of sleeps."""
        self._waits.clear()

    @property
    def waits(self) -> tuple[Wait, ...]:
        """Return every recorded sleep, in the order in which they began."""
        return tuple(self._waits)

    @property
    def blocking(self) -> tuple[Wait, ...]:
        """Return the calls of time.sleep that held up an event loop."""
        return tuple(wait for wait in self._waits if wait.blocking)

    def overlap(self, waits: Iterable[Wait] | None = None) -> int:
        """Return the most sleeps, of all or of `waits`, at one moment."""
        # At equal moments the ends sort first: back to back is no overlap.
        changes = [(moment, step)
                   for wait in (self._waits if waits is None else waits)
                   if wait.seconds > 0
                   for moment, step in ((wait.start, 1),
                                        (wait.start + wait.seconds, -1))]
        most = under_way = 0
        for _, step in sorted(changes):
            under_way += step
            most = max(most, under_way)
        return most

    # What the patched functions call

    def read(self) -> float:
        """Return the virtual time.

        After MAX_READS in a row each read adds TICK, for a program that polls
        the clock until a later time.
        """
        self._reads += 1
        if self._reads > MAX_READS and not self.is_over:
            self.now += TICK
            if self.now > self._limit:
                raise self._give_up("it polls the clock for ever")
        return self.now

    def sleep(self, seconds: float) -> None:
        """Do what time.sleep does, in virtual time."""
        self.note(self.now, seconds, events._get_running_loop() is not None)
        if seconds:
            # bool() is False: only the deadline ends a sleep.
            self.park(bool, self.now + seconds)
        else:
            self.spin()

    def spin(self) -> None:
        """Count one pass that waits for nothing.

        Time jumps too for a program that spins until a timer is due. One that
        spins for ever gets a Stuck.
        """
        self._spins += 1
        if self._spins % SPIN_STEP:
            return
        with self._mutex:
            is_quiet = self._watch.quiet_for(self.now, get_ident()) > PATIENCE
            if is_quiet and self._spins >= MAX_SPINS:
                self._spins = 0
                raise self._give_up(f"it goes round {MAX_SPINS} times "
                                    "without waiting for anything")
            soonest = min(self._soonest(), _next_timer())
            if is_quiet and soonest <= self._limit:
                self._move_to(soonest)
        if not is_quiet:
            # Other threads are at work, and this one may wait for them.
            self._spins -= SPIN_STEP
            real_sleep(LOOK)

    def _has_one_thread(self) -> bool:
        """Return whether there is no thread but the calling one.

        What is not ready after that will not be ready before its deadline.
        """
        return not self.is_over and self._watch.is_alone()

    def _jump(self, deadline: float) -> bool:
        """Go on at a deadline that a program's only thread waits for.

        Returns False for one beyond the limit.
        """
        if deadline > self._limit:
            return False
        self._reads = self._spins = 0
        self.now = max(self.now, deadline)
        return True

    def park(self, ready: Callable[[], object], deadline: float = inf, *,
             patience: float = 0.0, on: int | None = None,
             describe: Callable[[], str] | None = None,
             rest: Callable[[float], object] | None = None) -> None:
        """Hold this thread until `ready()` is true or the deadline has come.

        `ready` is called from other threads, too. `rest(seconds)` waits in
        real time between two calls of it. `on` is the id of the thread waited
        for, if any. `patience` is not 0 for a thread that something outside
        may wake, `describe` says where it waits. Raises Stuck when the
        program can never go on.
        """
        if (not patience and self._has_one_thread() and not ready()
                and self._jump(deadline)):
            return
        me = Parked(ready=ready, deadline=deadline, patience=patience,
                    on=on, describe=describe)
        me.bell.acquire()
        ident = get_ident()
        with self._mutex:
            # A finaliser interrupts any thread, also one that is in the
            # middle of parking, and may park it for itself.
            outer = self._parked.get(ident)
            self._parked[ident] = me
            self._reads = self._spins = 0
        try:
            while not self._may_go(me):
                rest(LOOK) if rest else me.bell.acquire(timeout=LOOK)
        finally:
            with self._mutex:
                del self._parked[ident]
                if outer is not None:
                    self._parked[ident] = outer
        if me.error is not None:
            raise me.error
        if self.is_over and ident != self._owner:
            # The check has ended; so must a thread that it left behind.
            raise SystemExit

    def nudge(self) -> None:
        """Make parked threads check at once, since a lock was released."""
        for parked in list(self._parked.values()):
            parked.ring()

    def close(self) -> None:
        """End the threads that are still parked; stop the clock."""
        self.is_over = True
        patience = real_time() + PATIENCE
        while self._parked and real_time() < patience:
            self.nudge()
            real_sleep(LOOK)

    # Whether time may jump

    def _may_go(self, me: Parked) -> bool:
        """Return whether a parked thread may go on, after time has jumped.

        Time jumps here if no other thread is at work.
        """
        with self._mutex:
            if self.is_over or me.is_up(self.now):
                return True
            quiet = self._watch.quiet_for(self.now)
            soonest = self._soonest()
            if quiet > PATIENCE and soonest <= self._limit:
                self._move_to(soonest)
            elif quiet > LAST_PATIENCE:
                self._give_up(self._reason(soonest))
            return me.is_up(self.now)

    def _soonest(self) -> float:
        """Return the earliest deadline of all parked threads."""
        return min((one.deadline for one in self._parked.values()),
                   default=inf)

    def _move_to(self, moment: float) -> None:
        """Set the time, never back, and wake the threads that are due."""
        self.now = max(self.now, moment)
        for parked in self._parked.values():
            if parked.deadline <= self.now:
                parked.ring()

    def _reason(self, soonest: float) -> str:
        """Return why the program can never go on, and where it waits."""
        if soonest < inf:
            return f"it is still waiting after {self._limit:g} seconds"
        frames = current_frames()
        names = [parked.describe() if parked.describe
                 else place(frames.get(ident))
                 for ident, parked in self._parked.items()]
        where = ", ".join(dict.fromkeys(filter(None, names)))
        return ("a deadlock: nothing is left that could wake "
                + (where or "the program"))

    def _give_up(self, reason: str) -> Stuck:
        """Have the thread that started the clock raise a Stuck.

        If that is not parked, every parked thread raises it. Returns the
        Stuck, for the caller to raise.
        """
        error = Stuck(f"it would never end: {reason}")
        self.stuck = self.stuck or error
        mine = self._parked.get(self._owner)
        for parked in [mine] if mine else self._parked.values():
            parked.error = error
            parked.ring()
        return error


def _next_timer() -> float:
    """Return the moment when the running loop's first timer is due."""
    loop: Any = events._get_running_loop()
    timers = getattr(loop, "_scheduled", None)
    return float(timers[0].when()) - MONOTONIC if timers else inf
