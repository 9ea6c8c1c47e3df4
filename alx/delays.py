"""A stand-in for wait_random with known delays, and its base class."""

from __future__ import annotations

import asyncio

from grader.kit import TimedCase
from grader.kit.transcript import looks


class Delays:
    """Stands in for wait_random: waits the seconds of `script` in turn.

    `asked` keeps the arguments of the calls.
    """

    def __init__(self, *script: float) -> None:
        self.script = script
        self.asked: list[object] = []

    async def wait_random(self, max_delay: int = 10) -> float:
        """Wait the next delay and return it."""
        delay = self.script[len(self.asked) % len(self.script)]
        self.asked.append(max_delay)
        await asyncio.sleep(delay)
        return delay

    def forget(self) -> None:
        """Clear `asked`; the script starts over."""
        self.asked.clear()


class DelaysCase(TimedCase):
    """A task that calls wait_random: `delays` stands in for it."""

    delays: Delays

    @looks
    def asked(self) -> list[object]:
        """Return the arguments of each call of `delays.wait_random`."""
        return list(self.delays.asked)
