#!/usr/bin/env python3
"""Wait three times."""

import asyncio
import sys

try:
    wait_random = __import__("0-basic_async_syntax").wait_random
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write wait_random in 0-basic_async_syntax.py first: {error}")

for max_delay in (0, 1, 2):
    delay = asyncio.run(wait_random(max_delay))
    print(type(delay), 0 <= delay <= max_delay)
