#!/usr/bin/env python3
"""Show what concat is annotated with and what it returns."""

import sys

try:
    concat = __import__("1-concat").concat
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Write concat in 1-concat.py first: {error}")

print(concat("egg", "shell") == "eggshell")
print(concat.__annotations__)
