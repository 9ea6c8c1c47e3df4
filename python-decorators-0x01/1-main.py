#!/usr/bin/env python3
"""Look three users up, one of whom is not there."""

import sys

__import__("make_users").main()
try:
    get_user_by_id = __import__("1-with_db_connection").get_user_by_id
except (AttributeError, ImportError, NameError, SyntaxError) as error:
    sys.exit("Write with_db_connection in 1-with_db_connection.py first: "
             f"{error}")

for user_id in 1, 6, 7:
    print(get_user_by_id(user_id=user_id))
