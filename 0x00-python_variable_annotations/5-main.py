#!/usr/bin/env python3
"""Show what sum_list is annotated with and what it returns."""

import sys

try:
    sum_list = __import__("5-sum_list").sum_list
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write sum_list in 5-sum_list.py first: {error}")

floats = [3.14, 1.11, 2.22]
print(sum_list.__annotations__)
print(f"sum_list({floats}) returns {sum_list(floats):.2f}")
print(sum_list([]) == 0)
