"""4-stream_ages.py: an average over a stream of ages."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any

from alx.prodev_sqlite import User
from alx.prodev_table_case import (
    MANY, FreshManyCase, TableCase, fresh_users, numbers_after, some_users,
    with_ages)
from grader.kit import Failure
from grader.kit.case import a_type
from grader.kit.holding import Holding
from grader.kit.transcript import expects, looks
from grader.kit.values import show

CALL = "stream_user_ages()"
SCRIPT = "python3 4-stream_ages.py"
LABEL = "Average age of users"
NUMBERS = (int, float, Decimal)


class MeanCase(TableCase):
    """A task whose queries are looked at."""

    file = "4-stream_ages.py"

    def assertNoAverage(self, call: str) -> None:
        """Check that no query asks for an average or a sum."""
        for sql in self.selects():
            found = re.search(r"\b(avg|sum)\s*\(", sql, re.IGNORECASE)
            self.assertHolds(found is None, Failure(
                f"{call} lets SQL compute the average: ask for each age, and "
                "add them up in Python", call=call,
                expected="no AVG or SUM in SQL", got=show(sql)))

    @looks
    def selects(self) -> list[str]:
        """Return the first queries."""
        return self.world.selects()[:100]


class AgesCase(MeanCase):
    """A task whose ages are read."""

    def ages(self) -> list[Any]:
        """Return all that comes out."""
        made = self.stream(self.task.stream_user_ages)
        ages = self.step(made, len(self.users) + 1)
        self.assertStops(len(self.users), len(ages), CALL, "ages")
        return ages

    @expects
    def assertAges(self, expected: tuple[User, ...], ages: list[Any]) -> None:
        """Check that ages are those of these users, in any order."""
        if not self.transcript.compares:
            return
        wanted = Counter(user[3] for user in expected)
        got = Counter(int(age) for age in ages if type(age) in NUMBERS)
        for age in sorted(wanted | got):
            self.assertGot(wanted[age], got[age],
                           f"the number of times {CALL} yields {age}")


class StreamUserAges(AgesCase):
    """stream_user_ages() yields the ages one by one."""

    def test_asks_for_ages_and_not_for_their_average(self) -> None:
        self.needs_records()
        self.skip(self.stream(self.task.stream_user_ages))
        self.assertNoAverage(CALL)

    def test_yields_numbers(self) -> None:
        for age in self.ages():
            self.assertHolds(type(age) in NUMBERS, Failure(
                f"{CALL} should yield ages, not {show(age)}",
                call=CALL, expected="a number", got=show(age)))
        self.advise_mysql()

    def test_yields_the_age_of_every_user(self) -> None:
        self.assertAges(self.users, self.ages())
        self.advise_closing(CALL, "has come to its end")

    def test_holds_two_loops_at_most(self) -> None:
        self.assertLoops(2, "stream_user_ages", with_callers=True)


class StreamLazily(AgesCase):
    """The ages are never in memory all at once."""

    users = some_users(MANY)

    def setUp(self) -> None:
        super().setUp()
        self.needs_records()

    def test_does_not_read_the_table_at_once(self) -> None:
        made = self.stream(self.task.stream_user_ages)
        self.assertFetched(0, CALL, "before an age is asked for")
        self.skip(made)
        self.assertNeverWhole(CALL)
        self.assertFetched(MANY // 2, CALL, "for the first age")

    def test_does_not_read_the_rest_at_once(self) -> None:
        made = self.stream(self.task.stream_user_ages)
        self.assertStops(MANY, self.skip(made, MANY + 1), CALL, "ages")
        self.assertNeverWhole(CALL)


class ScriptCase(MeanCase):
    """The file is run as a script, which prints the average."""

    def average(self) -> str:
        """Return the number that the script prints, as it prints it."""
        found, text = self.averages()
        got = show(text) if text else "nothing printed; who calls what " \
            "prints it?"
        self.assertHolds(found, Failure(
            f'{SCRIPT} should print "{LABEL}: ...": {got}', call=SCRIPT,
            expected=f'"{LABEL}: ..."', got=got))
        return found[-1] if found else ""

    @looks
    def averages(self) -> tuple[list[str], str]:
        """Run the script: return the numbers it prints, and how it starts.
        """
        text = self.run_script()
        return numbers_after(LABEL, text)[-1:], text.strip()[:1000]

    @expects
    def assertMean(self, users: tuple[User, ...], got: str) -> None:
        """Check a number that may be rounded to the places it has."""
        if not self.transcript.compares:
            return
        mean = sum(user[3] for user in users) / len(users)
        places = len(got.partition(".")[2])
        off = abs(float(got) - mean)
        # Of a forged nan nothing holds.
        if not off <= 0.5 * 10 ** -places + 1e-6:
            raise Failure(f"{SCRIPT} should print an average of {mean:.4f}, "
                          f"not {got}", call=SCRIPT, got=got,
                          expected=f"{mean:.4f}, rounded or not")


class AverageAge(ScriptCase):
    """The average that is printed is the right one."""

    def test_prints_a_line_with_the_average(self) -> None:
        self.average()

    def test_prints_the_right_average(self) -> None:
        self.assertMean(self.users, self.average())

    def test_prints_the_right_average_of_others(self) -> None:
        # 46 and 8/9, then 46 and 1/9: whoever cuts off, or rounds up, or
        # cuts off later is off by more than rounding is.
        for last in (54, 47):
            users = with_ages(*[46] * 8, last)
            self.hold(users)
            self.assertMean(users, self.average())

    def test_prints_the_right_average_of_few(self) -> None:
        # Where one user more or less, or a sum that starts elsewhere, is
        # seen at once.
        for ages in ((20, 31, 40), (63,), (25, 90)):
            users = with_ages(*ages)
            self.hold(users)
            self.assertMean(users, self.average())

    def test_does_not_average_in_sql(self) -> None:
        self.needs_records()
        self.average()
        self.assertNoAverage(SCRIPT)


class AverageLazily(ScriptCase):
    """The average, too, takes the ages one by one."""

    users = some_users(MANY)

    def test_does_not_read_the_table_at_once_for_the_average(self) -> None:
        self.needs_records()
        self.average()
        self.assertNeverWhole(SCRIPT)

    def test_holds_no_list_of_all_ages(self) -> None:
        self.average()
        kind = self.held()
        self.assertHolds(kind is None, Failure(
            f"{SCRIPT} has all {MANY} ages in memory at once, "
            f"in {a_type(str(kind))}: "
            "add each age to a sum and count it while they pass by",
            call=SCRIPT, expected="one age at a time",
            got=f"{a_type(str(kind))} of {MANY} ages"))

    @looks
    def held(self) -> str | None:
        """Run the script; return the type of what holds all the ages."""
        holding = Holding(self.file, [user[3] for user in self.users])
        with holding.watched():
            self.run_script()
        return holding.found


class FreshAges(FreshManyCase, AgesCase):
    """Whosever ages there are, they are never in memory all at once."""

    def test_yields_fresh_ages_one_by_one(self) -> None:
        self.needs_records()
        made = self.stream(self.task.stream_user_ages)
        self.assertFetched(0, CALL, "before an age is asked for")
        first = self.step(made)
        self.assertFetched(MANY // 2, CALL, "for the first age")
        rest = self.step(made, len(self.users))
        self.assertNeverWhole(CALL)
        self.assertAges(self.users, first + rest)


class FreshAverage(FreshManyCase, ScriptCase):
    """The average of whoever is in the table."""

    def test_prints_the_average_of_fresh_users(self) -> None:
        self.assertMean(self.users, self.average())
        self.assertNeverWhole(SCRIPT)
        users = fresh_users(self.seed, 9, 90)
        self.hold(users)
        self.assertMean(users, self.average())
