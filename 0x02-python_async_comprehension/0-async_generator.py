#!/usr/bin/env python3
"""Yield random numbers, one a second."""

import asyncio
import random
from collections.abc import AsyncGenerator


async def async_generator() -> AsyncGenerator[float, None]:
    """Yield ten random numbers from 0 to 10, each after a second."""
    for _ in range(10):
        await asyncio.sleep(1)
        yield random.uniform(0, 10)
