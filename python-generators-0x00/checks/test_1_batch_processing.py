"""1-batch_processing.py: users in batches, and those over 25 printed."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from grader.kit import Failure
from grader.kit.lite import User
from grader.kit.users_table import MANY, TableCase, some_users
from grader.kit.values import show

OVER = 25
# Emails and names as the table has them; learners print either.
EMAIL = re.compile(r"user\d+@example\.com")
NAMED = re.compile(rf"{EMAIL.pattern}|[A-Z][\w']+ [A-Z][a-zA-Z']+\d+")


class StreamInBatches(TableCase):
    """stream_users_in_batches(batch_size) yields lists of users."""

    file = "1-batch_processing.py"

    def batches(self, size: int) -> list[Any]:
        """Read all batches, and see that they are lists of users.

        One may be emptied and filled again when the next is asked for.
        """
        call = f"stream_users_in_batches({size})"

        def copied() -> Iterator[list[Any]]:
            for batch in self.stream(self.task.stream_users_in_batches, size):
                self.assertSeveral(batch, call)
                yield list(batch)
        return self.take(copied(), len(self.users or ()), call, "batches")

    def test_yields_batches_of_the_size_asked_for(self) -> None:
        sizes = [len(batch) for batch in self.batches(50)]
        self.assertGot([50, 50, 50, 50], sizes[:4],
                       "the lengths of stream_users_in_batches(50)")

    def test_keeps_the_last_batch_that_is_not_full(self) -> None:
        sizes = [len(batch) for batch in self.batches(50)]
        self.assertGot([37], sizes[4:],
                       "the lengths of stream_users_in_batches(50) after 200")

    def test_yields_every_user_once(self) -> None:
        size = self.random.randint(20, 60)
        rows = [row for batch in self.batches(size) for row in batch]
        self.assertUsers(self.users or (), rows,
                         f"stream_users_in_batches({size})")
        self.advise_mysql()

    def test_yields_one_batch_where_all_fit(self) -> None:
        sizes = [len(batch) for batch in self.batches(500)]
        self.assertGot([237], sizes,
                       "the lengths of stream_users_in_batches(500)")

    def test_holds_three_loops_at_most(self) -> None:
        self.assertLoops(3)


class BatchesLazily(TableCase):
    """A batch is fetched when it is asked for."""

    file = "1-batch_processing.py"
    users = some_users(MANY)

    def test_reads_batch_by_batch(self) -> None:
        self.needs_records()
        made = self.stream(self.task.stream_users_in_batches, 50)
        next(made, None)
        if self.fetched > MANY // 2:
            self.advise("stream_users_in_batches reads the whole table "
                        "before its first batch: fetchmany(batch_size) reads "
                        "no more than is asked for")
        self.stop(made, "stream_users_in_batches(50)")


class BatchProcessing(TableCase):
    """batch_processing(batch_size) prints the users over 25."""

    file = "1-batch_processing.py"

    def setUp(self) -> None:
        super().setUp()
        self.text = ""

    def process(self, size: int = 50) -> list[User]:
        """Return the users that a call prints, or else hands over."""
        call = f"batch_processing({size})"
        made = self.call(self.task.batch_processing, size)
        given = list(self._flat(made, call))
        names = set(NAMED.findall(self.said.replace("\\'", "'")))
        printed = [user for user in self.users or ()
                   if names.intersection(user[1:3])]
        if printed or not given:
            return printed
        self.advise("batch_processing should print the users over 25 itself, "
                    "not hand them over")
        emails = {user[2]: user for user in self.users or ()}
        return [emails[self.as_user(row, call)[2]] for row in given]

    def _flat(self, made: Any, call: str) -> Iterator[Any]:
        if isinstance(made, Iterator):
            made = self.take(self._guarded(made, call), 500, call, "values")
        if isinstance(made, list):
            for each in made:
                if isinstance(each, list):
                    yield from each
                elif each is not None:
                    yield each

    def assertProcessed(self, wanted: list[User], got: list[User],
                        call: str) -> None:
        """Check who of some users was printed."""
        for user in wanted:
            if user not in got:
                raise Failure(
                    f"{call} does not print {show(user)}{self.after()}",
                    call=call, expected=f"{user[2]} printed",
                    got=f"{len(got)} users printed, not this one")

    def test_prints_the_users_over_25(self) -> None:
        wanted = [user for user in self.users or () if user[3] > OVER]
        self.assertProcessed(wanted[:150], self.process(),
                             "batch_processing(50)")

    def test_prints_those_of_the_last_batch(self) -> None:
        last = [user for user in self.users or ()[-37:] if user[3] > OVER]
        self.assertProcessed(last, self.process(), "batch_processing(50)")

    def test_leaves_out_users_of_25_and_under(self) -> None:
        got = [user for user in self.process() if user[3] <= OVER]
        if got:
            raise Failure(
                f"batch_processing(50) prints {show(got[0])}, whose age is "
                "not over 25", call="batch_processing(50)",
                expected="users over 25 only", got=f"a user of {got[0][3]}")

    def test_prints_nobody_twice(self) -> None:
        self.process()
        printed = Counter(EMAIL.findall(self.said))
        email, times = max(printed.items(), key=lambda pair: pair[1],
                           default=("nobody", 0))
        if times > 1:
            raise Failure(
                f"batch_processing(50) prints {email} {times} times",
                call="batch_processing(50)", expected="each user once",
                got=f"{times} times")
