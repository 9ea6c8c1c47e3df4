#!/usr/bin/env python3
"""Show what zoom_array is annotated with and the zoomed arrays."""

import sys

try:
    task = __import__("102-type_checking")
except Exception as error:
    sys.exit(f"Fix 102-type_checking.py first: {error}")

print(task.zoom_array.__annotations__)
print(task.array)
print(task.zoom_2x)
print(task.zoom_3x)
