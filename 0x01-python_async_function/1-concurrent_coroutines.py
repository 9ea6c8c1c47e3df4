#!/usr/bin/env python3
"""Wait for several random times at once."""

import asyncio
from collections.abc import Awaitable, Callable

basics = __import__("0-basic_async_syntax")
wait_random: Callable[[int], Awaitable[float]] = basics.wait_random


async def wait_n(n: int, max_delay: int) -> list[float]:
    """Return n random delays, in the order in which they end."""
    waits = [wait_random(max_delay) for _ in range(n)]
    return [await each for each in asyncio.as_completed(waits)]
