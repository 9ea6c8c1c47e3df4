#!/usr/bin/env python3
"""Show the variables, their types and their annotations."""

import sys

try:
    task = __import__("4-define_variables")
except (ImportError, SyntaxError) as error:
    sys.exit(f"Write 4-define_variables.py first: {error}")

names = ("a", "pi", "i_understand_annotations", "school")
missing = [name for name in names if not hasattr(task, name)]
if missing:
    sys.exit(f"Define {', '.join(missing)} in 4-define_variables.py first")

for name in names:
    value = getattr(task, name)
    print(f"{name} is {value!r}, of {type(value)}")
print(task.__annotations__)
