"""1-with_db_connection.py: a call gets a connection, closed afterwards."""

from typing import Any

from alx.decorators import DecoratorCase
from alx.users_db import is_open
from grader.kit import Failure
from grader.kit.values import show


class WithDbConnection(DecoratorCase):
    """with_db_connection(func) opens, passes and closes a connection."""

    file = "1-with_db_connection.py"

    def setUp(self) -> None:
        super().setUp()

        def get_user_by_id(conn: Any, user_id: int) -> Any:
            cursor = conn.cursor()
            cursor.execute(f"SELECT id, age FROM users WHERE id = {user_id}")
            return cursor.fetchone()
        self.get_user = self.decorate("with_db_connection", get_user_by_id)

    def test_passes_a_connection_first(self) -> None:
        passed: list[Any] = []

        def get_user_by_id(conn: Any, user_id: int) -> None:
            passed.append(conn)
        call = "get_user_by_id(user_id=3)"
        self.call(self.decorate("with_db_connection", get_user_by_id),
                  user_id=3)
        given, shown = self.see(lambda: (
            [self.db.gave(each) for each in passed], [*map(show, passed)]))
        self.assertHolds(any(given), Failure(
            f"{call} does not get a database connection as its first "
            "argument", call=call, expected="a connection to users.db",
            got=[*shown, "no call of it"][0]))

    def test_returns_what_the_function_returns(self) -> None:
        self.assertRows((1, 34), self.get_user, user_id=1)

    def test_passes_positional_arguments_after_it(self) -> None:
        self.assertRows((6, 67), self.get_user, 6)

    def test_opens_a_connection_for_every_call(self) -> None:
        self.assertRows((2, 25), self.get_user, user_id=2)
        self.assertRows((7, 26), self.get_user, user_id=7)

    def test_passes_fresh_arguments_on(self) -> None:
        for number, _, _, age in self.fresh_users(3):
            self.assertRows((number, age), self.get_user, user_id=number)
            self.assertRows((number, age), self.get_user, number)

    def test_the_connection_is_open_during_the_call(self) -> None:
        def look(conn: Any, user_id: int) -> bool:
            return self.db.gave(conn) and is_open(conn)
        self.assertReturns(True, self.decorate("with_db_connection", look),
                           user_id=1)

    def test_closes_the_connection(self) -> None:
        self.call(self.get_user, user_id=1)
        self.assertLeftOpen(0, "get_user_by_id(user_id=1)")

    def test_closes_the_connection_after_an_error(self) -> None:
        self.attempt(self.failing(), user_id=1)
        self.assertLeftOpen(0, "a call of a function that raises ValueError")

    def test_closes_each_of_several_connections(self) -> None:
        users = self.fresh_users(self.random.randint(2, 9))
        self.see(lambda: self.db.forget())
        for number, *_ in users:
            self.call(self.get_user, user_id=number)
            self.attempt(self.failing(), user_id=number)
        self.assertLeftOpen(0, f"{len(users)} calls and as many that raise "
                            "ValueError")

    def test_takes_functions_of_any_shape(self) -> None:
        def count_users(conn: Any) -> str:
            return "counted"

        def find_users(conn: Any, name: str, email: str, age: int) -> Any:
            return name, email, age

        def list_users(conn: Any, *, limit: int, order: str) -> Any:
            return limit, order
        one, two = self.random.sample(range(100, 999), 2)
        shapes: list[tuple[Any, tuple[Any, ...], dict[str, Any]]] = [
            (count_users, (), {}),
            (find_users, ("Ada", "ada@example.org", one), {}),
            (find_users, ("Ada",), {"email": "ada@example.org", "age": two}),
            (list_users, (), {"limit": two, "order": "name"})]
        for function, args, kwargs in shapes:
            decorated = self.decorate("with_db_connection", function)
            self.assertReturns(function(None, *args, **kwargs),
                               decorated, *args, **kwargs)

    def test_lets_errors_out(self) -> None:
        number = self.random.randint(100, 999)
        self.assertLetsOut(ValueError, f"user {number} is no good",
                           self.failing(), user_id=number)
        self.advise_on_connecting()

    def failing(self) -> Any:
        """Return a decorated function that fails on an open connection."""
        def get_user_by_id(conn: Any, user_id: int) -> None:
            cursor = conn.cursor()
            cursor.execute("SELECT id FROM users")
            cursor.fetchall()
            raise ValueError(f"user {user_id} is no good")
        return self.decorate("with_db_connection", get_user_by_id)
