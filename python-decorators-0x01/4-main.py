#!/usr/bin/env python3
"""Ask twice, with a change in between that the cache does not see."""

import sys

__import__("make_users").main()
try:
    task = __import__("4-cache_query")
except (ImportError, SyntaxError, NameError) as error:
    sys.exit(f"Write cache_query in 4-cache_query.py first: {error}")

QUERY = "SELECT email FROM users WHERE id = 1"
fetch = task.fetch_users_with_cache


@task.with_db_connection
def change(conn):
    conn.execute("UPDATE users SET email = ? WHERE id = 1", ("new",))
    conn.commit()


print(fetch(query=QUERY))
change()
print(fetch(query=QUERY))
print(fetch(query=f"{QUERY} OR id = 2"))
