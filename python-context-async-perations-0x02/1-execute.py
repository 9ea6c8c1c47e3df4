#!/usr/bin/env python3
"""A context manager for a query and its connection."""

import sqlite3
import sys
from collections.abc import Sequence
from types import TracebackType
from typing import Any


class ExecuteQuery:
    """Runs a query for a with block, which gets the list of its rows.

    The connection is open for as long as the block lasts, and closed too
    when the query itself fails.
    """

    def __init__(self, query: str, parameters: Sequence[object] = (),
                 path: str = "users.db") -> None:
        self.query = query
        self.parameters = parameters
        self.path = path

    def __enter__(self) -> list[Any]:
        # Opened this way a missing file is an error, not a new database.
        uri = f"file:{self.path}?mode=rw"
        self.connection = sqlite3.connect(uri, uri=True)
        try:
            cursor = self.connection.execute(self.query, self.parameters)
            return cursor.fetchall()
        except BaseException:
            # Without a block there is no __exit__.
            self.connection.close()
            raise

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.connection.close()


def main() -> None:
    """Print the users who are older than 25."""
    with ExecuteQuery("SELECT * FROM users WHERE age > ?", (25,)) as users:
        for user in users:
            print(user)


if __name__ == "__main__":
    try:
        main()
    except sqlite3.Error as error:
        sys.exit(f"users.db: {error}")
