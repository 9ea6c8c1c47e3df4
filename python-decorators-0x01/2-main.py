#!/usr/bin/env python3
"""Change an address, and fail to change another."""

import sys
from collections.abc import Callable
from sqlite3 import Connection

__import__("make_users").main()
Function = Callable[[Connection], None]
with_db_connection: Callable[[Function], Callable[[], None]]
transactional: Callable[[Function], Function]

try:
    task = __import__("2-transactional")
    with_db_connection = task.with_db_connection
    transactional = task.transactional
    update_user_email = task.update_user_email
except (AttributeError, ImportError, NameError, SyntaxError) as error:
    sys.exit(f"Write transactional in 2-transactional.py first: {error}")


@with_db_connection
def show(conn: Connection) -> None:
    """Print the first two addresses, over a connection of its own."""
    print(conn.execute("SELECT id, email FROM users LIMIT 2").fetchall())


@with_db_connection
@transactional
def fail(conn: Connection) -> None:
    """Take all addresses away, and raise before the end."""
    conn.execute("UPDATE users SET email = NULL")
    raise ValueError("not like that")


show()
update_user_email(user_id=1, new_email="nadia@example.org")
show()
try:
    fail()
except ValueError as error:
    print(f"ValueError: {error}")
show()
