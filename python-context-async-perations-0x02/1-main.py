#!/usr/bin/env python3
"""Run 1-execute.py as a script, on a fresh users.db."""

import runpy
import sys

__import__("make_users").main()
try:
    names = runpy.run_path("1-execute.py", run_name="__main__")
except (FileNotFoundError, SyntaxError) as error:
    sys.exit(f"Write ExecuteQuery in 1-execute.py first: {error}")
if "ExecuteQuery" not in names:
    sys.exit("Write ExecuteQuery in 1-execute.py first")
