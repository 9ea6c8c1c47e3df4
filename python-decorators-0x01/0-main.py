#!/usr/bin/env python3
"""Read users.db twice; both queries are logged."""

import logging
import sys

logging.basicConfig(level=logging.INFO, stream=sys.stdout,
                    format="%(message)s")

__import__("make_users").main()
try:
    task = __import__("0-log_queries")
except (ImportError, SyntaxError, NameError) as error:
    sys.exit(f"Write log_queries in 0-log_queries.py first: {error}")

fetch = task.fetch_all_users
print(fetch(query="SELECT name FROM users WHERE age > 40"))
print(fetch("SELECT email FROM users WHERE id = 1"))
