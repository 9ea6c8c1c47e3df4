"""A stand-in for wait_random, whose delays a suite knows."""

from __future__ import annotations

import asyncio


class Delays:
    """Stands in for wait_random: waits `script` in turn, over and over.

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
        """Start anew, as if nobody had called yet."""
        self.asked.clear()
