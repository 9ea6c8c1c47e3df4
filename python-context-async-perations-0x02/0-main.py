#!/usr/bin/env python3
"""Run a query in a with block."""

import sys

__import__("make_users").main()
try:
    connect = __import__("0-databaseconnection").DatabaseConnection
except (AttributeError, ImportError, NameError, SyntaxError) as error:
    sys.exit("Write DatabaseConnection in 0-databaseconnection.py first: "
             f"{error}")

with connect("users.db") as connection:
    cursor = connection.cursor()
    cursor.execute("SELECT * FROM users")
    for user in cursor.fetchall():
        print(user)
