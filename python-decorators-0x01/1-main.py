#!/usr/bin/env python3
"""Look three users up, one of whom is not there."""

import sys

__import__("make_users").main()
try:
    task = __import__("1-with_db_connection")
except (ImportError, SyntaxError, NameError) as error:
    sys.exit("Write with_db_connection in 1-with_db_connection.py first: "
             f"{error}")

for user_id in 1, 6, 7:
    print(task.get_user_by_id(user_id=user_id))
