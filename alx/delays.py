"""A stand-in for wait_random with known delays, and its base class."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine

from grader.kit import TimedCase
from grader.kit.transcript import looks


class Delays:
    """Stands in for wait_random: waits the seconds of `script` in turn.

    `asked` keeps the arguments of the calls that are run, and `called` says
    how many there were in all: a coroutine that is made need not be run.
    """

    def __init__(self, *script: float) -> None:
        self.script = script
        self.asked: list[object] = []
        self.called = 0

    def wait_random(self, max_delay: int = 10
                    ) -> Coroutine[None, None, float]:
        """Return a coroutine that waits the next delay and returns it."""
        self.called += 1
        return self._wait(max_delay)

    async def _wait(self, max_delay: int) -> float:
        delay = self.script[len(self.asked) % len(self.script)]
        self.asked.append(max_delay)
        await asyncio.sleep(delay)
        return delay

    def forget(self) -> None:
        """Clear `asked`; the script starts over."""
        self.asked.clear()
        self.called = 0


class DelaysCase(TimedCase):
    """A task that calls wait_random: `delays` stands in for it."""

    delays: Delays

    def named(self, call: str) -> str:
        """Return a call with the waits that its result is made of."""
        return f"{call}, where the waits are {[*self.delays.script]},"

    @looks
    def called(self) -> int:
        """Return how often `delays.wait_random` was called, run or not."""
        return self.delays.called

    @looks
    def asked(self) -> list[object]:
        """Return the arguments of each call of `delays.wait_random`."""
        return list(self.delays.asked)
