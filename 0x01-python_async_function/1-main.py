#!/usr/bin/env python3
"""Wait for several random times at once."""

import asyncio
import sys

try:
    wait_n = __import__("1-concurrent_coroutines").wait_n
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write wait_n in 1-concurrent_coroutines.py first: {error}")

delays = asyncio.run(wait_n(5, 1))
print(len(delays), "delays, ascending:", delays == sorted(delays))
print(asyncio.run(wait_n(3, 0)))
print(asyncio.run(wait_n(0, 5)))
