#!/usr/bin/env python3
"""A context manager for a database connection."""

import sqlite3
import sys
from types import TracebackType


class DatabaseConnection:
    """Opens a connection for a with block and closes it afterwards.

    What the block did not commit is lost; its errors go on.
    """

    def __init__(self, path: str = "users.db") -> None:
        self.path = path

    def __enter__(self) -> sqlite3.Connection:
        # Opened this way a missing file is an error, not a new database.
        uri = f"file:{self.path}?mode=rw"
        self.connection = sqlite3.connect(uri, uri=True)
        return self.connection

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.connection.close()


def main() -> None:
    """Print every user."""
    with DatabaseConnection() as connection:
        for user in connection.execute("SELECT * FROM users"):
            print(user)


if __name__ == "__main__":
    try:
        main()
    except sqlite3.Error as error:
        sys.exit(f"users.db: {error}")
