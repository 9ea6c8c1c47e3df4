#!/usr/bin/env python3
"""Print the users who are older than 25."""

import sys

__import__("make_users").main()
try:
    execute = __import__("1-execute").ExecuteQuery
except (AttributeError, ImportError, NameError, SyntaxError) as error:
    sys.exit(f"Write ExecuteQuery in 1-execute.py first: {error}")

QUERY = "SELECT * FROM users WHERE age > ?"

with execute(QUERY, (25,)) as users:
    for user in users:
        print(user)
