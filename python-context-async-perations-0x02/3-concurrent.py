#!/usr/bin/env python3
"""Two database queries that run at the same time."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite

Rows = list[Any]


async def fetch(query: str, parameters: Sequence[object] = ()) -> Rows:
    """Return the rows of a query, over a connection of its own."""
    # A missing file would be a new database, not an error. (With mode=rw it
    # is one, but aiosqlite may report it to a loop that is closed by then.)
    if not Path("users.db").is_file():
        raise FileNotFoundError("there is no such file")
    async with aiosqlite.connect("users.db") as connection:
        return list(await connection.execute_fetchall(query, parameters))


async def async_fetch_users() -> Rows:
    """Return the rows of the whole table."""
    return await fetch("SELECT * FROM users")


async def async_fetch_older_users() -> Rows:
    """Return the users who are older than 40."""
    return await fetch("SELECT * FROM users WHERE age > ?", (40,))


async def fetch_concurrently() -> tuple[Rows, Rows]:
    """Run both queries at once and return the results of each.

    Both end before an error of one goes on: cancelled halfway, the other
    would leave its thread behind.
    """
    everybody, older = await asyncio.gather(
        async_fetch_users(), async_fetch_older_users(),
        return_exceptions=True)
    if isinstance(everybody, BaseException):
        raise everybody
    if isinstance(older, BaseException):
        raise older
    return everybody, older


if __name__ == "__main__":
    try:
        everybody, older = asyncio.run(fetch_concurrently())
    except (OSError, aiosqlite.Error) as error:
        sys.exit(f"users.db: {error}")
    print("All users:", *everybody, sep="\n")
    print("Older than 40:", *older, sep="\n")
