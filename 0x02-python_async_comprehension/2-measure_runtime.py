#!/usr/bin/env python3
"""Measure four comprehensions that run at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable

comprehension = __import__("1-async_comprehension")
async_comprehension: Callable[[], Awaitable[list[float]]] = (
    comprehension.async_comprehension)


async def measure_runtime() -> float:
    """Return the seconds that four comprehensions take together."""
    start = time.perf_counter()
    await asyncio.gather(*(async_comprehension() for _ in range(4)))
    return time.perf_counter() - start
