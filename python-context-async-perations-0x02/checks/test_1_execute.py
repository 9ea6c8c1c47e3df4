"""1-execute.py: the rows of a query for as long as a with block."""

from typing import Any

from grader.kit.managers import construct, rows_of
from grader.kit.users import UsersCase

CALL = "with ExecuteQuery(query, parameters)"
NAMES = "SELECT name, age FROM users WHERE age > "


class ExecuteQuery(UsersCase):
    """ExecuteQuery runs a query with its parameters and returns rows."""

    file = "1-execute.py"

    def manager(self, age: object, query: str = NAMES) -> Any:
        """Return a fresh manager, however its constructor is written."""
        return self.make(construct, self.task.ExecuteQuery,
                         query=query + self.mark, parameters=age)

    def read(self, age: int) -> Any:
        """Return the names of those older than `age`."""
        return self.inside(self.first_that_works, age,
                           call=f"{CALL}, with the parameter {age}")

    def first_that_works(self, age: int) -> Any:
        """Pass the parameter in a tuple, or bare where that is wanted."""
        try:
            return self.enter(self.manager((age,)))
        except Exception as error:
            self.db.forget()
            try:
                return self.enter(self.manager(age))
            except Exception:
                raise error from None

    def enter(self, manager: Any) -> Any:
        """Return the rows that a with block gets."""
        with manager as entered:
            if hasattr(entered, "fetchall"):
                self.advise("return the rows from __enter__, not the cursor: "
                            "the task asks for the result of the query")
            return rows_of(entered)

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

    def test_closes_the_connection_after_an_error(self) -> None:
        manager = self.working_manager()
        try:
            with manager as entered:
                rows_of(entered)
                raise ValueError("an error in the block")
        except Exception:
            pass
        self.assertLeftOpen(0, f"an error in `{CALL}`")

    def test_lets_an_error_of_the_block_out(self) -> None:
        error = ValueError("an error in the block")
        manager = self.working_manager()
        with self.assertLetsThrough(error, CALL), manager as entered:
            rows_of(entered)
            raise error

    def working_manager(self) -> Any:
        """Return a manager that can be entered."""
        manager = self.manager((25,))
        try:
            with manager as entered:
                rows_of(entered)
            age: object = (25,)
        except Exception:
            age = 25
        self.db.forget()
        return self.manager(age)

    def test_closes_the_connection_of_a_query_that_fails(self) -> None:
        manager = self.manager((25,), "SELECT * FROM nowhere WHERE age > ")
        try:
            with manager as entered:
                rows_of(entered)
        except Exception:
            pass
        else:
            self.advise("let the error of a query that fails out of "
                        "__enter__: the block cannot run without rows")
        if self.db.left_open:
            self.advise("close the connection when the query fails: after an "
                        "error in __enter__ Python does not call __exit__")
