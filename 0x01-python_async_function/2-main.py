#!/usr/bin/env python3
"""Measure waits of at most one second."""

import sys

try:
    measure_time = __import__("2-measure_runtime").measure_time
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write measure_time in 2-measure_runtime.py first: {error}")

print(type(measure_time(2, 0)))
# Five waits of at most a second, all at once: 0.2 seconds each, or less.
print(0 <= measure_time(5, 1) < 0.25)
