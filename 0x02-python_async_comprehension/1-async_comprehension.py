#!/usr/bin/env python3
"""Collect what an async generator yields."""

from collections.abc import AsyncIterator, Callable

numbers = __import__("0-async_generator")
async_generator: Callable[[], AsyncIterator[float]] = numbers.async_generator


async def async_comprehension() -> list[float]:
    """Return the numbers of async_generator."""
    return [number async for number in async_generator()]
