#!/usr/bin/env python3
"""Wait for a random time."""

import asyncio
import random


async def wait_random(max_delay: int = 10) -> float:
    """Wait between 0 and max_delay seconds; return how many."""
    delay = random.uniform(0, max_delay)
    await asyncio.sleep(delay)
    return delay
