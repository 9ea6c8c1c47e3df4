#!/usr/bin/env python3
"""Average the users' ages without holding more than one of them."""

import sys
from collections.abc import Iterator
from contextlib import closing

from mysql.connector import Error

from seed import connect_to_prodev


def stream_user_ages() -> Iterator[int]:
    """Yield the age of every user."""
    with closing(connect_to_prodev()) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT age FROM user_data")
        for age, in cursor:
            yield int(age)


def average_age() -> float:
    """Return the mean of all ages; ValueError where there are none."""
    count = total = 0
    for count, age in enumerate(stream_user_ages(), 1):
        total += age
    if not count:
        raise ValueError("there are no users")
    return total / count


if __name__ == "__main__":
    try:
        print(f"Average age of users: {average_age():.2f}")
    except (Error, OSError, ValueError) as problem:
        sys.exit(f"4-stream_ages.py: {problem}")
