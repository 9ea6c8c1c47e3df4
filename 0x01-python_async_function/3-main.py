#!/usr/bin/env python3
"""Start a task and wait for it."""

import asyncio
import sys

try:
    task_wait_random = __import__("3-tasks").task_wait_random
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write task_wait_random in 3-tasks.py first: {error}")


async def main() -> None:
    """Look at the task, then await it."""
    task = task_wait_random(1)
    print(type(task), "done:", task.done())
    print(0 <= await task <= 1, "done:", task.done())


asyncio.run(main())
