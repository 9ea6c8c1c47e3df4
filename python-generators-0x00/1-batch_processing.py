#!/usr/bin/env python3
"""Read users in batches, and pick out those over 25."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from seed import connect_to_prodev

User = dict[str, Any]


def stream_users_in_batches(batch_size: int) -> Iterator[list[User]]:
    """Yield lists of `batch_size` users; the last may be shorter."""
    if batch_size < 1:
        raise ValueError("batch_size must be at least 1")
    with closing(connect_to_prodev()) as connection:
        cursor = connection.cursor(dictionary=True)
        cursor.execute("SELECT user_id, name, email, age FROM user_data")
        while batch := cursor.fetchmany(batch_size):
            yield batch


def batch_processing(batch_size: int) -> None:
    """Print every user over the age of 25."""
    for batch in stream_users_in_batches(batch_size):
        for user in batch:
            if user["age"] > 25:
                print(user)
