"""The sleeps of a program, kept to prove what ran at the same time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Wait:
    """One sleep: when it began, the seconds asked for, and whether it was
    a time.sleep that held up an event loop."""

    start: float
    seconds: float
    blocking: bool = False


class Record:
    """Every sleep so far."""

    def __init__(self) -> None:
        self._waits: list[Wait] = []

    def note(self, start: float, seconds: Any, blocking: bool = False
             ) -> None:
        """Record a sleep that begins; what is no number is none."""
        if isinstance(seconds, (int, float)):
            self._waits.append(Wait(start, float(seconds), blocking))

    def forget(self) -> None:
        """Start the record anew."""
        self._waits.clear()

    @property
    def waits(self) -> tuple[Wait, ...]:
        """Return every sleep so far, in the order in which they began."""
        return tuple(self._waits)

    @property
    def blocking(self) -> tuple[Wait, ...]:
        """Return the calls of time.sleep that held up an event loop."""
        return tuple(wait for wait in self._waits if wait.blocking)

    def overlap(self, waits: Iterable[Wait] | None = None) -> int:
        """Return how many sleeps (of all, or these) went on at once."""
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
