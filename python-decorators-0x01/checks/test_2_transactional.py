"""2-transactional.py: a call is committed, or undone when it fails."""

from typing import Any

from alx.decorators import DecoratorCase
from grader.kit import Failure
from grader.kit.live import is_a
from grader.kit.values import show

EMAIL = "SELECT email FROM users WHERE id = 3"
NAME = "update_user_email"


class Transactional(DecoratorCase):
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
        self.update = self.transactional(update_user_email)

    def transactional(self, function: Any) -> Any:
        """Put the decorator on a function and connect the result."""
        return self.connected(self.decorate("transactional", function), NAME,
                              names=("user_id", "new_email"))

    def half(self, error: str) -> Any:
        """Return a function that updates a row and then fails."""
        def update_user_email(conn: Any, user_id: int,
                              new_email: str) -> None:
            cursor = conn.cursor()
            cursor.execute(f"UPDATE users SET email = '{new_email}'"
                           f" WHERE id = {user_id}")
            if error == "ValueError":
                raise ValueError(f"{new_email} bounces")
            cursor.execute("UPDATE nowhere SET email = ''")
        return update_user_email

    def assertEmail(self, expected: str, after: str) -> None:
        """Check what another connection reads after a call."""
        got = self.see(lambda: self.db.rows(EMAIL)[0][0])
        self.assertHolds(got == expected, Failure(
            f"after {after} the e-mail in the database should be "
            f"{show(expected)}, not {show(got)}", call=after,
            expected=show(expected), got=show(got)))

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
        update = self.transactional(self.half("ValueError"))
        error = self.attempt(update, user_id=3, new_email="lost@example.org")
        self.assertEmail("chidi@example.com",
                         "a call that updates it and raises ValueError")
        # A TypeError is the call's own: nothing ran that could be undone.
        ran = error is None or not is_a(error, "TypeError")
        if ran and not self.see(lambda: self.db.rollbacks):
            self.advise("call conn.rollback() when the function raises: "
                        "here only closing the connection undoes it")

    def test_undoes_it_on_a_connection_of_the_file_too(self) -> None:
        inner = self.decorate("transactional", self.half("ValueError"))
        self.attempt(self.connected_here(inner, NAME),
                     user_id=3, new_email="lost@example.org")
        self.assertEmail("chidi@example.com", "a call that updates it, raises"
                         " ValueError and has a connection of the file's own")

    def test_lets_an_error_of_the_function_out(self) -> None:
        email = f"{self.letters()}@example.org"
        self.assertLetsOut(ValueError, f"{email} bounces",
                           self.transactional(self.half("ValueError")),
                           user_id=3, new_email=email)

    def test_lets_an_error_of_the_database_out(self) -> None:
        error = self.any_db_error_name()
        self.assertLetsOut(error, "nowhere",
                           self.transactional(self.half("database")),
                           user_id=3, new_email="lost@example.org")

    def test_keeps_what_succeeds_and_nothing_else(self) -> None:
        users = self.fresh_users(6)
        failing = self.transactional(self.half("ValueError"))
        wanted = []
        for number, _, email, _ in users:
            address = f"{self.letters()}@example.org"
            succeeds = self.random.random() < 0.5
            if succeeds:
                self.call(self.update, user_id=number, new_email=address)
            else:
                self.attempt(failing, user_id=number, new_email=address)
            wanted.append((number, address if succeeds else email))
        self.assertGot(
            sorted(wanted), self.see(lambda: self.db.rows(
                "SELECT id, email FROM users ORDER BY id")),
            "the e-mails after calls of which some raise ValueError")
