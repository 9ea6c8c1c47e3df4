#!/usr/bin/env python3
"""Run both queries at once."""

import asyncio
import sys

__import__("make_users").main()
try:
    fetch = __import__("3-concurrent").fetch_concurrently
except ModuleNotFoundError as error:
    if error.name == "3-concurrent":
        sys.exit("Write 3-concurrent.py first: it is not there")
    sys.exit(f"3-concurrent.py imports {error.name}, which this Python lacks: "
             "grade run ctx/3 has aiosqlite")
except (AttributeError, ImportError, NameError, SyntaxError) as error:
    sys.exit(f"Write the three coroutines in 3-concurrent.py first: {error}")

everybody, older = asyncio.run(fetch())
print(*everybody, sep="\n")
print("Older than 40:")
print(*older, sep="\n")
