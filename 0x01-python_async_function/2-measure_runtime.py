#!/usr/bin/env python3
"""Measure how long waiting takes."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

Delays = Coroutine[Any, Any, list[float]]

concurrent = __import__("1-concurrent_coroutines")
wait_n: Callable[[int, int], Delays] = concurrent.wait_n


def measure_time(n: int, max_delay: int) -> float:
    """Return the seconds that wait_n takes, per wait."""
    start = time.perf_counter()
    asyncio.run(wait_n(n, max_delay))
    return (time.perf_counter() - start) / n
