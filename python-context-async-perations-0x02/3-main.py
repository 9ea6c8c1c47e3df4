#!/usr/bin/env python3
"""Run both queries at once."""

import asyncio
import sys

__import__("make_users").main()
try:
    task = __import__("3-concurrent")
except (ImportError, SyntaxError, NameError) as error:
    sys.exit(f"3-concurrent.py: {error}")

everybody, older = asyncio.run(task.fetch_concurrently())
print(*everybody, sep="\n")
print("Older than 40:")
print(*older, sep="\n")
