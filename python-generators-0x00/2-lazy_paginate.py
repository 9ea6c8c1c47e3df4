#!/usr/bin/env python3
"""Page through the users, asking for a page when it is wanted."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from seed import connect_to_prodev

Page = list[dict[str, Any]]


def paginate_users(page_size: int, offset: int) -> Page:
    """Return the users from `offset` on, `page_size` at most."""
    with closing(connect_to_prodev()) as connection:
        cursor = connection.cursor(dictionary=True)
        # Without an order a page could repeat users of the one before.
        cursor.execute("SELECT user_id, name, email, age FROM user_data "
                       "ORDER BY user_id LIMIT %s OFFSET %s",
                       (page_size, offset))
        page: Page = cursor.fetchall()
        return page


def lazy_paginate(page_size: int) -> Iterator[Page]:
    """Yield the pages one by one, with one query for each."""
    if page_size < 1:
        raise ValueError("page_size must be at least 1")
    offset = 0
    while page := paginate_users(page_size, offset):
        yield page
        offset += page_size
