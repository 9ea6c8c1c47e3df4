#!/usr/bin/env python3
"""Show the variables, their types and their annotations."""

import sys

try:
    task = __import__("4-define_variables")
except (ImportError, SyntaxError) as error:
    sys.exit(f"Write 4-define_variables.py first: {error}")

for name in ("a", "pi", "i_understand_annotations", "school"):
    value = getattr(task, name, None)
    print(f"{name} is {value!r}, of {type(value)}")
print(task.__annotations__)
