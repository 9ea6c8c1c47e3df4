"""0-stream_users.py: the rows of a table, one at a time."""

from typing import Any

from alx.prodev_table_case import (
    MANY, FreshCase, FreshManyCase, TableCase, some_users)

CALL = "stream_users()"


class RowsCase(TableCase):
    """A task whose rows are read."""

    file = "0-stream_users.py"

    def rows_of_all(self) -> list[Any]:
        """Return all that comes out."""
        made = self.stream(self.task.stream_users)
        rows = self.step_rows(made, len(self.users) + 1)
        self.assertAmong(self.users, rows, CALL)
        self.assertStops(len(self.users), len(rows), CALL, "rows")
        return rows


class StreamUsers(RowsCase):
    """stream_users() yields every row as it is asked for."""

    def test_returns_a_generator(self) -> None:
        self.stream(self.task.stream_users)

    def test_yields_every_user_once(self) -> None:
        self.assertUsers(self.users, self.rows_of_all(), CALL)
        self.advise_closing(CALL, "has come to its end")
        self.advise_mysql()

    def test_holds_one_loop_at_most(self) -> None:
        self.assertLoops(1, "stream_users")


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
        self.skip(made)
        self.assertNeverWhole(CALL)
        self.assertFetched(MANY // 2, CALL, "for the first user")

    def test_does_not_read_the_rest_at_once(self) -> None:
        made = self.stream(self.task.stream_users)
        self.assertStops(MANY, self.skip(made, MANY + 1), CALL, "rows")
        self.assertNeverWhole(CALL)

    def test_can_be_stopped_early(self) -> None:
        made = self.stream(self.task.stream_users)
        self.skip(made, 3)
        self.stop(made, CALL)


class StreamFreshUsers(FreshCase, RowsCase):
    """Whoever is in the table comes out."""

    def test_yields_every_fresh_user_once(self) -> None:
        self.assertUsers(self.users, self.rows_of_all(), CALL)


class StreamFreshUsersLazily(FreshManyCase):
    """However many rows there are, they are never in memory as a whole."""

    file = "0-stream_users.py"

    def test_does_not_read_a_fresh_table_at_once(self) -> None:
        self.needs_records()
        made = self.stream(self.task.stream_users)
        self.assertFetched(0, CALL, "before a row is asked for")
        first = self.step_rows(made)
        self.assertFetched(MANY // 2, CALL, "for the first user")
        self.assertAmong(self.users, first, CALL)
        rest = self.skip(made, len(self.users))
        self.assertNeverWhole(CALL)
        self.assertGot(len(self.users), len(first) + rest,
                       f"the number of rows of {CALL}")
