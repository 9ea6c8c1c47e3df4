#!/usr/bin/env python3
"""Show what to_kv is annotated with and what it returns."""

import sys

try:
    to_kv = __import__("7-to_kv").to_kv
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write to_kv in 7-to_kv.py first: {error}")

print(to_kv.__annotations__)
print(to_kv("eggs", 3))
print(to_kv("school", 0.02))
