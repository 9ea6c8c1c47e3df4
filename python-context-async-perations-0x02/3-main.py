#!/usr/bin/env python3
"""Run 3-concurrent.py as a script, on a fresh users.db."""

import runpy
import sys

__import__("make_users").main()
try:
    names = runpy.run_path("3-concurrent.py", run_name="__main__")
except (FileNotFoundError, SyntaxError) as error:
    sys.exit(f"Write the three coroutines in 3-concurrent.py first: {error}")
except ModuleNotFoundError as error:
    sys.exit(f"3-concurrent.py imports {error.name}, which this Python lacks: "
             "grade run ctx/3 has aiosqlite")
if "fetch_concurrently" not in names:
    sys.exit("Write the three coroutines in 3-concurrent.py first")
