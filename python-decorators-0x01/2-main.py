#!/usr/bin/env python3
"""Change an address, and fail to change another."""

import sys

__import__("make_users").main()
try:
    task = __import__("2-transactional")
except (ImportError, SyntaxError, NameError) as error:
    sys.exit(f"Write transactional in 2-transactional.py first: {error}")


@task.with_db_connection
def show(conn):
    print(conn.execute("SELECT id, email FROM users LIMIT 2").fetchall())


@task.with_db_connection
@task.transactional
def fail(conn):
    conn.execute("UPDATE users SET email = NULL")
    raise ValueError("not like that")


show()
task.update_user_email(user_id=1, new_email="nadia@example.org")
show()
try:
    fail()
except ValueError as error:
    print(f"ValueError: {error}")
show()
