#!/usr/bin/env python3
"""Read users.db twice; both queries are logged."""

import logging
import sys

logging.basicConfig(level=logging.INFO, stream=sys.stdout,
                    format="%(message)s")

__import__("make_users").main()
try:
    fetch_all_users = __import__("0-log_queries").fetch_all_users
except (AttributeError, ImportError, NameError, SyntaxError) as error:
    sys.exit(f"Write log_queries in 0-log_queries.py first: {error}")

print(fetch_all_users(query="SELECT name FROM users WHERE age > 40"))
print(fetch_all_users("SELECT email FROM users WHERE id = 1"))
