"""0-databaseconnection.py: a connection for as long as a with block."""

import sqlite3
from collections.abc import Callable
from typing import Any

from alx.managers import ManagerCase, run_query

CALL = "with DatabaseConnection(...)"


class DatabaseConnection(ManagerCase):
    """DatabaseConnection opens, hands over and closes a connection."""

    file = "0-databaseconnection.py"

    def manager(self) -> Any:
        """Return a fresh manager, however its constructor is written."""
        return self.make(self.task.DatabaseConnection)

    def read(self, query: str) -> Any:
        """Run a query in a with block, if it has not been run for it."""
        with self.manager() as entered:
            return (self.printed() if entered is None
                    else run_query(entered, query))

    def raising(self, error: Exception) -> Callable[[], None]:
        """Return a function that raises an error in a with block."""
        manager = self.manager()

        def raise_inside() -> None:
            with manager:
                raise error
        return raise_inside

    def test_runs_as_a_script(self) -> None:
        self.assertRunsAsScript()

    def test_runs_a_query(self) -> None:
        got = self.inside(self.read, "SELECT * FROM users", call=CALL)
        self.assertGot([(1, "Amara Obi", "amara@example.com", 34),
                        (2, "Bram Visser", "bram@example.com", 25),
                        (3, "Chidi Eze", "chidi@example.com", 40),
                        (4, "Dina Haddad", "dina@example.com", 41),
                        (5, "Emil Larsen", "emil@example.com", 19),
                        (6, "Farah Noor", "farah@example.com", 67),
                        (7, "Goran Ilic", "goran@example.com", 26)],
                       got, f"SELECT * FROM users {CALL}")

    def test_closes_the_connection(self) -> None:
        self.inside(self.read, "SELECT * FROM users", call=CALL)
        self.assertLeftOpen(0, f"leaving `{CALL}`")

    def test_closes_the_connection_after_an_error(self) -> None:
        self.attempt(self.raising(ValueError("an error in the block")))
        self.assertLeftOpen(0, f"an error in `{CALL}`")

    def test_reads_fresh_users(self) -> None:
        users = self.fresh_users(self.random.randint(2, 9))
        got = self.inside(self.read, "SELECT * FROM users", call=CALL)
        self.assertGot(users, got, f"SELECT * FROM users {CALL}")

    def test_lets_an_error_of_the_block_out(self) -> None:
        text = f"an error in the block of {self.letters()}"
        fail = self.raising(ValueError(text))
        self.assertLetsOut(ValueError, text, fail, call=CALL)

    def test_lets_an_error_of_the_database_out(self) -> None:
        text = f"no such table: {self.letters()}"
        fail = self.raising(sqlite3.OperationalError(text))
        self.assertLetsOut(sqlite3.OperationalError, text, fail, call=CALL)
