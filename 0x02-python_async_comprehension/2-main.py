#!/usr/bin/env python3
"""Run four comprehensions at once."""

import asyncio
import sys

try:
    measure_runtime = __import__("2-measure_runtime").measure_runtime
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write measure_runtime in 2-measure_runtime.py first: {error}")

print(f"{asyncio.run(measure_runtime()):.1f} seconds")
