#!/usr/bin/env python3
"""Make the database ALX_prodev and fill its table user_data from a CSV.

The server is that of MYSQL_HOST and MYSQL_PORT, the account that of
MYSQL_USER and MYSQL_PASSWORD: root without a password on this machine
where they are not set.
"""

import csv
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any

import mysql.connector

DATABASE = "ALX_prodev"
COLUMNS = ("name", "email", "age")
ROWS_A_STATEMENT = 500
# The numbers of an error if no server answers.
NO_SERVER = 2002, 2003, 2005

TABLE = """
    CREATE TABLE IF NOT EXISTS user_data (
        user_id CHAR(36) NOT NULL PRIMARY KEY,
        name VARCHAR(255) NOT NULL,
        email VARCHAR(255) NOT NULL,
        age DECIMAL(3, 0) NOT NULL
    )"""
INSERT = """
    INSERT INTO user_data (user_id, name, email, age)
    VALUES (%s, %s, %s, %s) ON DUPLICATE KEY UPDATE user_id = user_id"""

# The drivers share an interface (PEP 249) but no type for it.
Connection = Any


def connect_db() -> Connection:
    """Return a connection to the server, with no database chosen."""
    return _connect()


def create_database(connection: Connection) -> None:
    """Make the database ALX_prodev unless it is there."""
    _run(connection, f"CREATE DATABASE IF NOT EXISTS {DATABASE}")


def connect_to_prodev() -> Connection:
    """Return a connection to the database ALX_prodev."""
    return _connect(database=DATABASE)


def create_table(connection: Connection) -> None:
    """Make the table user_data unless it is there."""
    _run(connection, TABLE)
    print("Table user_data created successfully")


def insert_data(connection: Connection, data: str) -> None:
    """Insert the users of the CSV file `data` who are not there yet.

    All of them or none: ValueError for a file with a broken row, with
    another header or without users, OSError for one that cannot be read.
    """
    users = read_users(data)
    with closing(connection.cursor()) as cursor:
        try:
            while some := list(islice(users, ROWS_A_STATEMENT)):
                cursor.executemany(INSERT, some)
        except BaseException:
            connection.rollback()
            raise
    connection.commit()


def read_users(path: str) -> Iterator[tuple[str, str, str, int]]:
    """Yield a user_id, name, email and age for each row of a CSV file."""
    # Spreadsheets put a mark before the text, which utf-8-sig leaves out.
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file, strict=True)
        number = 0
        try:
            for column in COLUMNS:
                if column not in (rows.fieldnames or ()):
                    raise ValueError(f"there is no column {column!r}")
            for number, row in enumerate(rows, 1):
                yield _user(row)
        except (ValueError, csv.Error) as error:
            where = f"line {max(rows.line_num, 1)}"
            raise ValueError(f"{path}, {where}: {error}") from None
    if not number:
        raise ValueError(f"{path}: there are no users in it")


def _user(row: dict[str, str]) -> tuple[str, str, str, int]:
    # DictReader keeps surplus fields under None, and None for lacking ones.
    if None in row or None in row.values():
        raise ValueError("the row is not as long as the header")
    name, email, age = (row[column].strip() for column in COLUMNS)
    if not name or not email:
        raise ValueError("a name and an email are required")
    if not age.isdecimal() or int(age) > 150:
        raise ValueError(f"{age!r} is not an age")
    # The same user has the same id in every run, so none comes twice.
    user_id = uuid.uuid5(uuid.NAMESPACE_URL, f"mailto:{email}")
    return str(user_id), name, email, int(age)


def _connect(**options: str) -> Connection:
    try:
        return mysql.connector.connect(
            host=os.environ.get("MYSQL_HOST", "127.0.0.1"),
            port=os.environ.get("MYSQL_PORT", "3306"),
            user=os.environ.get("MYSQL_USER", "root"),
            password=os.environ.get("MYSQL_PASSWORD", ""), **options)
    except mysql.connector.Error as error:
        if error.errno not in NO_SERVER:
            raise
        raise ConnectionError(f"{error} (does a server run? grade mysql "
                              "starts one)") from error


def _run(connection: Connection, statement: str) -> None:
    with closing(connection.cursor()) as cursor:
        cursor.execute(statement)


def main(data: str = "user_data.csv") -> None:
    """Do all of it, in order."""
    with closing(connect_db()) as server:
        create_database(server)
    with closing(connect_to_prodev()) as connection:
        create_table(connection)
        insert_data(connection, data)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2])
    except (mysql.connector.Error, OSError, ValueError) as problem:
        sys.exit(f"seed.py: {problem}")
