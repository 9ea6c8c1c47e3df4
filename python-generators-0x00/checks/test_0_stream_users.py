"""0-stream_users.py: the rows of a table, one at a time."""

from grader.kit.users_table import MANY, TableCase, some_users

CALL = "stream_users()"


class StreamUsers(TableCase):
    """stream_users() yields every row as it is asked for."""

    file = "0-stream_users.py"

    def test_returns_a_generator(self) -> None:
        self.stream(self.task.stream_users)

    def test_yields_every_user_once(self) -> None:
        users = self.users or ()
        made = self.stream(self.task.stream_users)
        self.assertUsers(users, self.take(made, len(users), CALL, "rows"),
                         CALL)
        self.advise_closing(CALL, "has come to its end")
        self.advise_mysql()

    def test_holds_one_loop_at_most(self) -> None:
        self.assertLoops(1)


class StreamLazily(TableCase):
    """A table of thousands of rows is never in memory as a whole."""

    file = "0-stream_users.py"
    users = some_users(MANY)

    def setUp(self) -> None:
        super().setUp()
        self.needs_records()

    def test_does_not_read_the_table_at_once(self) -> None:
        made = self.stream(self.task.stream_users)
        self.assertFetched(0, CALL, "before a row is asked for")
        next(made, None)
        self.assertNeverWhole(CALL)
        self.assertFetched(MANY // 2, CALL, "for the first user")

    def test_does_not_read_the_rest_at_once(self) -> None:
        self.take(self.stream(self.task.stream_users), MANY, CALL, "rows")
        self.assertNeverWhole(CALL)

    def test_can_be_stopped_early(self) -> None:
        made = self.stream(self.task.stream_users)
        for _ in range(3):
            next(made, None)
        self.stop(made, CALL)
