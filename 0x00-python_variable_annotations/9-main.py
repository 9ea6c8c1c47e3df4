#!/usr/bin/env python3
"""Show what element_length is annotated with and what it returns."""

import sys

try:
    element_length = __import__("9-element_length").element_length
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Fix 9-element_length.py first: {error}")

print(element_length.__annotations__)
print(element_length(["egg", "bacon"]))
print(element_length(range(n) for n in (3, 0)))
