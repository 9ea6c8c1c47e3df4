#!/usr/bin/env python3
"""Print the users who are older than 25."""

import sys

__import__("make_users").main()
try:
    task = __import__("1-execute")
except (ImportError, SyntaxError, NameError) as error:
    sys.exit(f"1-execute.py: {error}")

QUERY = "SELECT * FROM users WHERE age > ?"

with task.ExecuteQuery(QUERY, (25,)) as users:
    for user in users:
        print(user)
