#!/usr/bin/env python3
"""Show what safely_get_value is annotated with and returns."""

import sys

try:
    safely_get_value = __import__("101-safely_get_value").safely_get_value
except (AttributeError, ImportError, SyntaxError) as error:
    sys.exit(f"Fix 101-safely_get_value.py first: {error}")

for name, kind in safely_get_value.__annotations__.items():
    print(f"{name}: {kind}")
print(safely_get_value({"eggs": 3}, "eggs", 12))
print(safely_get_value({"eggs": 3}, "spam", 12))
print(safely_get_value({"eggs": 3}, "spam"))
