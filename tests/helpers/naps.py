"""Coroutines that sleep, for the tests of the virtual clock."""

from __future__ import annotations

import asyncio


async def nap(seconds: float) -> float:
    await asyncio.sleep(seconds)
    return seconds


async def naps(*seconds: float) -> list[float]:
    return list(await asyncio.gather(*map(nap, seconds)))
