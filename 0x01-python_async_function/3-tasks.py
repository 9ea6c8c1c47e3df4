#!/usr/bin/env python3
"""Start a random wait as a task."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

basics = __import__("0-basic_async_syntax")
wait_random: Callable[[int], Coroutine[Any, Any, float]] = basics.wait_random


def task_wait_random(max_delay: int) -> asyncio.Task[float]:
    """Start to wait in the running event loop, and return at once."""
    return asyncio.create_task(wait_random(max_delay))
