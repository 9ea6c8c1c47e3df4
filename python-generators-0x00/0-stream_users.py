#!/usr/bin/env python3
"""Stream the users out of the database."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from seed import connect_to_prodev


def stream_users() -> Iterator[dict[str, Any]]:
    """Yield every user, and hold no more than one.

    The connection is closed after the last user, and as well when the
    generator is closed before.
    """
    with closing(connect_to_prodev()) as connection:
        # Not buffered: a buffered cursor would read all rows at once.
        cursor = connection.cursor(dictionary=True)
        cursor.execute("SELECT user_id, name, email, age FROM user_data")
        yield from cursor
