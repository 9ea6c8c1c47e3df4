#!/usr/bin/env python3
"""Show what to_str is annotated with and what it returns."""

import sys

try:
    to_str = __import__("3-to_str").to_str
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write to_str in 3-to_str.py first: {error}")

print(to_str(3.14) == str(3.14))
print(to_str.__annotations__)
print(f"to_str(3.14) returns {to_str(3.14)!r}, of {type(to_str(3.14))}")
