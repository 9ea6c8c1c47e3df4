#!/usr/bin/env python3
"""Show what make_multiplier is annotated with and what it makes."""

import sys

try:
    make_multiplier = __import__("8-make_multiplier").make_multiplier
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write make_multiplier in 8-make_multiplier.py first: {error}")

print(make_multiplier.__annotations__)
double, halve = make_multiplier(2.0), make_multiplier(0.5)
print(double(2.22), halve(2.22))
