#!/usr/bin/env python3
"""Wait for several tasks at once."""

import asyncio
from collections.abc import Callable

single = __import__("3-tasks")
task_wait_random: Callable[[int], asyncio.Task[float]] = (
    single.task_wait_random)


async def task_wait_n(n: int, max_delay: int) -> list[float]:
    """Return n random delays, in the order in which they end."""
    tasks = [task_wait_random(max_delay) for _ in range(n)]
    return [await each for each in asyncio.as_completed(tasks)]
