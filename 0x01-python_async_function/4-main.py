#!/usr/bin/env python3
"""Wait for several tasks at once."""

import asyncio
import sys

try:
    task_wait_n = __import__("4-tasks").task_wait_n
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write task_wait_n in 4-tasks.py first: {error}")

delays = asyncio.run(task_wait_n(5, 1))
print(len(delays), "delays, ascending:", delays == sorted(delays))
print(asyncio.run(task_wait_n(3, 0)))
print(asyncio.run(task_wait_n(0, 5)))
