"""1-with_db_connection.py: a call gets a connection, closed afterwards."""

from typing import Any

from grader.kit import Failure
from grader.kit.users import UsersCase
from grader.kit.users_db import is_open
from grader.kit.values import show


class WithDbConnection(UsersCase):
    """with_db_connection(func) opens, passes and closes a connection."""

    file = "1-with_db_connection.py"

    def setUp(self) -> None:
        super().setUp()
        self.conn: Any = None

        def get_user_by_id(conn: Any, user_id: int) -> Any:
            self.conn = conn
            cursor = conn.cursor()
            cursor.execute(f"SELECT id, age FROM users WHERE id = {user_id}")
            return cursor.fetchone()
        self.get_user = self.decorate("with_db_connection", get_user_by_id)
        self.advise_wraps(self.get_user, "get_user_by_id")

    def test_passes_a_connection_first(self) -> None:
        self.call(self.get_user, user_id=3)
        if not self.db.gave(self.conn):
            raise Failure(
                "get_user_by_id(user_id=3) does not get a database connection"
                " as its first argument", call="get_user_by_id(user_id=3)",
                expected="a connection to users.db", got=show(self.conn))

    def test_returns_what_the_function_returns(self) -> None:
        self.assertRows((1, 34), self.get_user, user_id=1)

    def test_passes_positional_arguments_after_it(self) -> None:
        self.assertRows((6, 67), self.get_user, 6)

    def test_opens_a_connection_for_every_call(self) -> None:
        self.assertRows((2, 25), self.get_user, user_id=2)
        self.assertRows((7, 26), self.get_user, user_id=7)

    def test_the_connection_is_open_during_the_call(self) -> None:
        def look(conn: Any, user_id: int) -> bool:
            return self.db.gave(conn) and is_open(conn)
        self.assertReturns(True, self.decorate("with_db_connection", look),
                           user_id=1)

    def test_closes_the_connection(self) -> None:
        self.call(self.get_user, user_id=1)
        self.assertLeftOpen(0, "get_user_by_id(user_id=1)")

    def test_closes_the_connection_after_an_error(self) -> None:
        fail = self.decorate("with_db_connection", self.failing())
        try:
            fail(user_id=1)
        except Exception:
            pass
        self.assertLeftOpen(0, "a call of a function that raises ValueError")

    def test_lets_errors_out(self) -> None:
        fail = self.decorate("with_db_connection", self.failing())
        self.assertRaisesOn(ValueError, fail, user_id=1)

    def failing(self) -> Any:
        """Return a function that fails on an open connection."""
        def get_user_by_id(conn: Any, user_id: int) -> None:
            conn.cursor().execute("SELECT id FROM users")
            raise ValueError(f"user {user_id} is no good")
        return get_user_by_id
