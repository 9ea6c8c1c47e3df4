#!/usr/bin/env python3
"""Make users.db, with the same six users each time."""

import sqlite3
import sys
from contextlib import closing

USERS = (
    (1, "Nadia Karim", "nadia@example.com", 31),
    (2, "Oscar Lind", "oscar@example.com", 25),
    (3, "Priya Nair", "priya@example.com", 44),
    (4, "Quentin Roy", "quentin@example.com", 40),
    (5, "Rosa Vidal", "rosa@example.com", 22),
    (6, "Samuel Osei", "samuel@example.com", 58),
)


def main() -> None:
    """Replace the users table of users.db in the current folder."""
    try:
        with closing(sqlite3.connect("users.db", timeout=1)) as conn, conn:
            conn.execute("DROP TABLE IF EXISTS users")
            conn.execute("CREATE TABLE users (id INTEGER PRIMARY KEY,"
                         " name TEXT, email TEXT, age INTEGER)")
            conn.executemany("INSERT INTO users VALUES (?, ?, ?, ?)", USERS)
    except sqlite3.Error as error:
        sys.exit(f"users.db cannot be made: {error}")


if __name__ == "__main__":
    main()
