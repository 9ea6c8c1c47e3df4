#!/usr/bin/env python3
"""Show what floor is annotated with and what it returns."""

import sys

try:
    floor = __import__("2-floor").floor
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write floor in 2-floor.py first: {error}")

print(floor.__annotations__)
for n in (3.14, -1.5, -4.0):
    print(f"floor({n}) returns {floor(n)}, of {type(floor(n))}")
