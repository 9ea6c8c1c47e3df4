#!/usr/bin/env python3
"""Show what sum_mixed_list is annotated with and what it returns."""

import sys

try:
    sum_mixed_list = __import__("6-sum_mixed_list").sum_mixed_list
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write sum_mixed_list in 6-sum_mixed_list.py first: {error}")

mixed = [5, 4, 3.14, 666, 0.99]
print(sum_mixed_list.__annotations__)
print(f"sum_mixed_list({mixed}) returns {sum_mixed_list(mixed):.2f}")
print(sum_mixed_list([]) == 0)
