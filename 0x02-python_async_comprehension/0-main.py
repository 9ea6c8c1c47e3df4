#!/usr/bin/env python3
"""Show ten random numbers as they come."""

import asyncio
import sys

try:
    async_generator = __import__("0-async_generator").async_generator
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write async_generator in 0-async_generator.py first: {error}")


async def main() -> None:
    """Print each number after its second."""
    async for number in async_generator():
        print(number)


asyncio.run(main())
