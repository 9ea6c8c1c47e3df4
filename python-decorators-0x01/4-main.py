#!/usr/bin/env python3
"""Ask twice, with a change in between that the cache does not see."""

import sqlite3
import sys
from contextlib import closing

__import__("make_users").main()
try:
    fetch = __import__("4-cache_query").fetch_users_with_cache
except (AttributeError, ImportError, NameError, SyntaxError) as error:
    sys.exit(f"Write cache_query in 4-cache_query.py first: {error}")

QUERY = "SELECT email FROM users WHERE id = 1"

print(fetch(query=QUERY))
with closing(sqlite3.connect("users.db")) as conn:
    conn.execute("UPDATE users SET email = 'new' WHERE id = 1")
    conn.commit()
print(fetch(query=QUERY))
print(fetch(query=f"{QUERY} OR id = 2"))
