#!/usr/bin/env python3
"""Make and fill the database, then look at what is there."""

from contextlib import closing

from main_errors import short_errors

with short_errors("gen/0", "seed.py"):
    seed = __import__("seed")
    with closing(seed.connect_db()) as connection:
        seed.create_database(connection)
    with closing(seed.connect_to_prodev()) as connection:
        seed.create_table(connection)
        seed.insert_data(connection, "user_data.csv")
        with closing(connection.cursor()) as cursor:
            cursor.execute("SELECT COUNT(*), MIN(email) FROM user_data")
            print(*cursor.fetchone())
