#!/usr/bin/env python3
"""Make and fill the database, then look at what is there."""

import sys
from contextlib import closing

try:
    seed = __import__("seed")
    with closing(seed.connect_db()) as connection:
        seed.create_database(connection)
    with closing(seed.connect_to_prodev()) as connection:
        seed.create_table(connection)
        seed.insert_data(connection, "user_data.csv")
        with closing(connection.cursor()) as cursor:
            cursor.execute("SELECT COUNT(*), MIN(email) FROM user_data")
            print(*cursor.fetchone())
except (ArithmeticError, LookupError, TypeError):
    raise
except Exception as error:
    # No server, no driver, no table: one line says it.
    about = str(error)
    if "Can't connect" in about or "NoneType" in about:
        about += " (does a server run? grade mysql starts one)"
    if "No module" in about and "mysql" in about.lower():
        about += (" (grade run gen/0 has the drivers if it was installed "
                  "as fundamentals-grader[mysql])")
    sys.exit(f"seed.py: {about}")
