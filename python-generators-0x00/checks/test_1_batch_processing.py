"""1-batch_processing.py: users in batches, and those over 25 printed."""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from alx.prodev_sqlite import User, plain
from alx.prodev_table_case import (
    MANY, FreshCase, TableCase, rows_of, some_users)
from grader.kit import Failure
from grader.kit.transcript import expects, looks
from grader.kit.values import show

OVER = 25
# Emails and names as the table has them; learners print either. Words are
# bounded: of one without end each letter would be a beginning, to its end.
EMAIL = re.compile(r"user\d{1,9}@example\.com")
NAMED = re.compile(rf"{EMAIL.pattern}|"
                   r"[A-Z][\w']{1,30} [A-Z][a-zA-Z']{1,30}\d{1,9}")
# Values that batch_processing yields, if it prints nothing.
MOST = 500


class BatchCase(TableCase):
    """A task whose batches are read, and whose prints are looked at."""

    file = "1-batch_processing.py"

    def sizes(self, size: int) -> list[int]:
        """Return how long each batch is; all are to be lists of users."""
        return self.batches(size, 0)[0]

    def batches(self, size: int, most: int) -> tuple[list[int], list[Any]]:
        """Read all batches, and see that they are lists of users.

        Returns how long each is, and the first rows of all.
        """
        call = f"stream_users_in_batches({size})"
        odd, sizes, rows = self.all_batches(size, most)
        for batch in odd:
            self.assertSeveral(batch, call)
        self.assertHolds(sizes[-2:] != [0, 0], Failure(
            f"{call} yields empty batches after the last user: stop at the "
            "first", call=call, expected="an end after the last user",
            got="one empty batch after the other"))
        self.assertStops(len(self.users), len(sizes), call, "batches")
        return sizes, rows

    @looks
    def all_batches(self, size: int, most: int
                    ) -> tuple[list[Any], list[int], list[Any]]:
        """Return the first batch that is no list, all lengths, some rows.

        A batch may be emptied and filled again when the next is asked for.
        """
        sizes: list[int] = []
        rows: list[Any] = []
        for batch in self.stream(self.task.stream_users_in_batches, size):
            found = rows_of(batch)
            if found is None:
                return [batch], sizes, rows
            sizes.append(len(found))
            rows += found[:most - len(rows)]
            if len(sizes) > len(self.users) or sizes[-2:] == [0, 0]:
                break
        return [], sizes, rows

    def process(self, size: int) -> tuple[list[User], str]:
        """Return the users that a call prints, or hands over, and its text.
        """
        if self.sizes(size)[-2:] == [0, 0]:
            # Of batches that never end no user would be the last.
            return [], ""
        call = f"batch_processing({size})"
        count, given = self.handed_over(size)
        self.assertStops(MOST, count, call, "values")
        text = self.printed
        names = set(NAMED.findall(text.replace("\\'", "'")))
        found = [user for user in self.users if names.intersection(user[1:3])]
        if found or not given:
            return found, text
        self.advise("batch_processing should print the users over 25 itself, "
                    "not hand them over")
        emails = {user[2]: user for user in self.users}
        return [emails[self.as_user(row, call)[2]] for row in given], text

    @looks
    def handed_over(self, size: int) -> tuple[int, list[Any]]:
        """Return how many values batch_processing yields, and the rows.

        The rows may be returned as well; they may be alone or in lists.
        """
        self.forget()
        made, count = self.call(self.task.batch_processing, size), 0
        if isinstance(made, Iterator):
            call = f"batch_processing({size})"
            made = list(islice(self.guarded(made, call), MOST + 1))
            count = len(made)
        values = made if isinstance(made, list) else []
        rows = (row for each in values if each is not None
                for row in (each if isinstance(each, list) else [each]))
        return count, [plain(row) for row in islice(rows, 2 * MOST)]

    @expects
    def assertProcessed(self, wanted: list[User], got: list[User],
                        call: str) -> None:
        """Check who of some users was printed."""
        printed = self.after()
        for user in wanted if self.transcript.compares else ():
            if user not in got:
                raise Failure(
                    f"{call} does not print {show(user)}{printed}",
                    call=call, expected=f"{user[2]} printed",
                    got=f"{len(got)} users printed, not this one")

    def assertLeftOut(self, got: list[User], call: str) -> None:
        """Check that all who were printed are over 25."""
        for user in [user for user in got if user[3] <= OVER][:1]:
            self.assertHolds(False, Failure(
                f"{call} prints {show(user)}, whose age is not over 25",
                call=call, expected="users over 25 only",
                got=f"a user of {user[3]}"))

    def assertOnce(self, text: str, call: str) -> None:
        """Check that each email is printed once."""
        printed = Counter(EMAIL.findall(text))
        email, times = max(printed.items(), key=lambda pair: pair[1],
                           default=("nobody", 0))
        self.assertHolds(times <= 1, Failure(
            f"{call} prints {email} {times} times", call=call,
            expected="each user once", got=f"{times} times"))


class StreamInBatches(BatchCase):
    """stream_users_in_batches(batch_size) yields lists of users."""

    def test_yields_batches_of_the_size_asked_for(self) -> None:
        sizes = self.sizes(50)
        self.assertGot([50, 50, 50, 50], sizes[:4],
                       "the lengths of stream_users_in_batches(50)")

    def test_keeps_the_last_batch_that_is_not_full(self) -> None:
        sizes = self.sizes(50)
        self.assertGot([37], sizes[4:],
                       "the lengths of the batches of "
                       "stream_users_in_batches(50) after 200 users")

    def test_yields_every_user_once(self) -> None:
        size = self.random.randint(20, 60)
        _, rows = self.batches(size, len(self.users) + 1)
        self.assertUsers(self.users, rows, f"stream_users_in_batches({size})")
        self.advise_mysql()

    def test_yields_one_batch_where_all_fit(self) -> None:
        sizes = self.sizes(500)
        self.assertGot([237], sizes,
                       "the lengths of stream_users_in_batches(500)")

    def test_holds_three_loops_at_most(self) -> None:
        self.assertLoops(3, "stream_users_in_batches", "batch_processing")


class BatchesLazily(BatchCase):
    """A batch is fetched when it is asked for."""

    users = some_users(MANY)

    def test_reads_batch_by_batch(self) -> None:
        self.needs_records()
        made = self.stream(self.task.stream_users_in_batches, 50)
        self.skip(made)
        if self.fetched > MANY // 2:
            self.advise("stream_users_in_batches reads the whole table "
                        "before its first batch: fetchmany(batch_size) reads "
                        "no more than is asked for")
        self.stop(made, "stream_users_in_batches(50)")


class BatchProcessing(BatchCase):
    """batch_processing(batch_size) prints the users over 25."""

    CALL = "batch_processing(50)"

    def test_prints_the_users_over_25(self) -> None:
        wanted = [user for user in self.users if user[3] > OVER]
        got, _ = self.process(50)
        self.assertProcessed(wanted[:150], got, self.CALL)

    def test_prints_those_of_the_last_batch(self) -> None:
        # After all before them: whoever lacks there as well is told once.
        wanted = [user for user in self.users if user[3] > OVER]
        got, _ = self.process(50)
        self.assertProcessed(wanted, got, self.CALL)

    def test_leaves_out_users_of_25_and_under(self) -> None:
        got, _ = self.process(50)
        self.assertLeftOut(got, self.CALL)

    def test_prints_nobody_twice(self) -> None:
        _, text = self.process(50)
        self.assertOnce(text, self.CALL)


class FreshBatches(FreshCase, BatchCase):
    """Batches of fresh users, of a fresh size."""

    def draw(self) -> None:
        """Draw a size, too, that leaves a last batch which is not full."""
        super().draw()
        self.size = self.random.choice([
            size for size in range(20, 61) if len(self.users) % size])

    def test_yields_fresh_users_in_batches(self) -> None:
        call = f"stream_users_in_batches({self.size})"
        sizes, rows = self.batches(self.size, len(self.users) + 1)
        full, rest = divmod(len(self.users), self.size)
        self.assertGot([self.size] * full + [rest], sizes,
                       f"the lengths of {call}")
        self.assertUsers(self.users, rows, call)

    def test_prints_the_fresh_users_over_25(self) -> None:
        call = f"batch_processing({self.size})"
        wanted = [user for user in self.users if user[3] > OVER]
        got, text = self.process(self.size)
        self.assertProcessed(wanted, got, call)
        self.assertLeftOut(got, call)
        self.assertOnce(text, call)
