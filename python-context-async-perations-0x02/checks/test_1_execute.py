"""1-execute.py: the rows of a query for as long as a with block."""

import sqlite3
from collections.abc import Callable
from typing import Any

from alx.managers import ManagerCase, rows_of

CALL = "with ExecuteQuery(query, parameters)"
NAMES = "SELECT name, age FROM users WHERE age > "
NOWHERE = "SELECT name, age FROM nowhere WHERE age > "


class ExecuteQuery(ManagerCase):
    """ExecuteQuery runs a query with its parameters and returns rows."""

    file = "1-execute.py"

    def manager(self, age: object, query: str = NAMES) -> Any:
        """Return a fresh manager, however its constructor is written."""
        return self.make(self.task.ExecuteQuery,
                         query=query + self.mark, parameters=age)

    def raising(self, error: Exception) -> Callable[[], None]:
        """Return a function that raises an error in a with block.

        The manager gets its parameter in the way that works: in a tuple, or
        bare where the class makes the tuple.
        """
        works = self.attempt(self.enter, (25,)) is None
        age = (25,) if works or self.attempt(self.enter, 25) else 25
        self.see(lambda: self.db.forget())
        manager = self.manager(age)

        def raise_inside() -> None:
            with manager as entered:
                rows_of(entered)
                raise error
        return raise_inside

    def enter(self, age: object, query: str = NAMES) -> Any:
        """Return the rows that a with block gets."""
        with self.manager(age, query) as entered:
            if hasattr(entered, "fetchall"):
                self.advise("return the rows from __enter__, not the cursor: "
                            "the task asks for the result of the query")
            return rows_of(entered)

    def first_that_works(self, age: int) -> Any:
        """Pass the parameter in a tuple, or bare where that is wanted."""
        try:
            return self.enter((age,))
        except Exception as error:
            self.db.forget()
            try:
                return self.enter(age)
            except Exception:
                raise error from None

    def read(self, age: int) -> Any:
        """Return the names of those older than `age`."""
        return self.inside(self.first_that_works, age,
                           call=f"{CALL}, with the parameter {age}")

    def test_runs_as_a_script(self) -> None:
        self.assertRunsAsScript()

    def test_returns_the_users_older_than_25(self) -> None:
        self.assertGot([("Amara Obi", 34), ("Chidi Eze", 40),
                        ("Dina Haddad", 41), ("Farah Noor", 67),
                        ("Goran Ilic", 26)],
                       self.read(25), f"{CALL}, older than 25")

    def test_uses_the_parameter_it_is_given(self) -> None:
        self.assertGot([("Farah Noor", 67)],
                       self.read(41), f"{CALL}, older than 41")

    def test_returns_an_empty_list_when_nothing_matches(self) -> None:
        self.assertGot([], self.read(90), f"{CALL}, older than 90")

    def test_closes_the_connection(self) -> None:
        self.read(25)
        self.assertLeftOpen(0, f"leaving `{CALL}`")

    def test_returns_fresh_users(self) -> None:
        users = self.fresh_users(9)
        for age in (0, self.random.randint(30, 80)):
            self.assertGot([(name, years) for _, name, _, years in users
                            if years > age], self.read(age),
                           f"{CALL}, older than {age}")

    def test_closes_the_connection_after_an_error(self) -> None:
        self.attempt(self.raising(ValueError("an error in the block")))
        self.assertLeftOpen(0, f"an error in `{CALL}`")

    def test_lets_an_error_of_the_block_out(self) -> None:
        text = f"an error in the block of {self.letters()}"
        fail = self.raising(ValueError(text))
        self.assertLetsOut(ValueError, text, fail, call=CALL)

    def test_lets_an_error_of_the_database_out(self) -> None:
        text = f"no such table: {self.letters()}"
        fail = self.raising(sqlite3.OperationalError(text))
        self.assertLetsOut(sqlite3.OperationalError, text, fail, call=CALL)

    def test_closes_the_connection_of_a_query_that_fails(self) -> None:
        if self.attempt(self.enter, (25,), NOWHERE) is None:
            self.advise("let the error of a query that fails out of "
                        "__enter__: the block cannot run without rows")
        if self.see(lambda: self.db.left_open):
            self.advise("close the connection when the query fails: after an "
                        "error in __enter__ Python does not call __exit__")
