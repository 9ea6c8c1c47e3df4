#!/usr/bin/env python3
"""Show what safe_first_element is annotated with and returns."""

import sys

try:
    task = __import__("100-safe_first_element")
    safe_first_element = task.safe_first_element
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Fix 100-safe_first_element.py first: {error}")

print(safe_first_element.__annotations__)
print(safe_first_element([0, 1]), safe_first_element("spam"))
print(safe_first_element(()))
