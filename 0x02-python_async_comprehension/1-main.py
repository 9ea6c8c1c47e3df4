#!/usr/bin/env python3
"""Collect ten random numbers."""

import asyncio
import sys

try:
    task = __import__("1-async_comprehension")
    async_comprehension = task.async_comprehension
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit("Write async_comprehension in 1-async_comprehension.py first: "
             f"{error}")

numbers = asyncio.run(async_comprehension())
print(type(numbers), len(numbers))
print(all(0 <= number <= 10 for number in numbers))
