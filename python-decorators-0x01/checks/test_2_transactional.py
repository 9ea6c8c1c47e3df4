"""2-transactional.py: a call is committed, or undone when it fails."""

from typing import Any

from grader.kit import Failure
from grader.kit.users import UsersCase
from grader.kit.values import show

EMAIL = "SELECT email FROM users WHERE id = 3"


class Transactional(UsersCase):
    """transactional(func) makes a call all or nothing."""

    file = "2-transactional.py"

    def setUp(self) -> None:
        super().setUp()

        def update_user_email(conn: Any, user_id: int,
                              new_email: str) -> str:
            conn.cursor().execute(
                f"UPDATE users SET email = '{new_email}'"
                f" WHERE id = {user_id}")
            return f"updated {user_id}"
        self.update = self.stacked(update_user_email)

    def stacked(self, function: Any) -> Any:
        """Put the file's decorators on a function, as the starter does."""
        inner = self.decorate("transactional", function)
        self.advise_wraps(inner, function.__name__)
        return self.connected(inner, function.__name__)

    def failing(self, error: str) -> Any:
        """Return a function that updates a row and then fails."""
        def update_user_email(conn: Any, user_id: int,
                              new_email: str) -> None:
            cursor = conn.cursor()
            cursor.execute(f"UPDATE users SET email = '{new_email}'"
                           f" WHERE id = {user_id}")
            if error == "ValueError":
                raise ValueError(f"{new_email} bounces")
            cursor.execute("UPDATE nowhere SET email = ''")
        return self.stacked(update_user_email)

    def assertEmail(self, expected: str, after: str) -> None:
        """Check what another connection reads after a call."""
        got = self.db.rows(EMAIL)[0][0]
        if got != expected:
            raise Failure(f"after {after} the e-mail in the database should "
                          f"be {show(expected)}, not {show(got)}", call=after,
                          expected=show(expected), got=show(got))

    def test_commits_a_call_that_succeeds(self) -> None:
        address = f"chidi{self.random.randint(10, 99)}@example.org"
        self.call(self.update, user_id=3, new_email=address)
        self.assertEmail(address, self.name_call(
            self.update, (), {"user_id": 3, "new_email": address}))

    def test_commits_a_call_with_positional_arguments(self) -> None:
        self.call(self.update, 3, "c@example.org")
        self.assertEmail("c@example.org",
                         "update_user_email(3, 'c@example.org')")

    def test_returns_what_the_function_returns(self) -> None:
        self.assertReturns("updated 5", self.update,
                           user_id=5, new_email="e@example.org")

    def test_undoes_a_call_that_raises(self) -> None:
        update = self.failing("ValueError")
        try:
            update(user_id=3, new_email="lost@example.org")
        except Exception:
            pass
        self.assertEmail("chidi@example.com",
                         "a call that updates it and raises ValueError")
        if not self.db.rollbacks:
            self.advise("call conn.rollback() when the function raises: "
                        "here only closing the connection undoes it")

    def test_lets_an_error_of_the_function_out(self) -> None:
        self.assertRaisesOn(ValueError, self.failing("ValueError"),
                            user_id=3, new_email="lost@example.org")

    def test_lets_an_error_of_the_database_out(self) -> None:
        self.assertRaisesOn(self.db_error_type, self.failing("database"),
                            user_id=3, new_email="lost@example.org")
