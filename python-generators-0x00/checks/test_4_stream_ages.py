"""4-stream_ages.py: an average over a stream of ages."""

import re
from collections import Counter
from decimal import Decimal
from typing import Any

from grader.kit import Failure
from grader.kit.users_table import (
    MANY, TableCase, numbers_after, some_users)
from grader.kit.values import show

CALL = "stream_user_ages()"
SCRIPT = "python3 4-stream_ages.py"
LABEL = "Average age of users"


class StreamUserAges(TableCase):
    """stream_user_ages() yields the ages one by one."""

    file = "4-stream_ages.py"

    def ages(self) -> list[Any]:
        made = self.stream(self.task.stream_user_ages)
        return self.take(made, len(self.users or ()), CALL, "ages")

    def test_yields_numbers(self) -> None:
        for age in self.ages():
            if type(age) not in (int, float, Decimal):
                raise Failure(f"{CALL} should yield ages, not {show(age)}",
                              call=CALL, expected="a number", got=show(age))
        self.advise_mysql()

    def test_yields_the_age_of_every_user(self) -> None:
        wanted = Counter(user[3] for user in self.users or ())
        got = Counter(int(age) for age in self.ages()
                      if type(age) in (int, float, Decimal))
        for age in sorted(wanted | got):
            self.assertGot(wanted[age], got[age],
                           f"the number of times {CALL} yields {age}")
        self.advise_closing(CALL, "has come to its end")

    def test_holds_two_loops_at_most(self) -> None:
        self.assertLoops(2)


class StreamLazily(TableCase):
    """The ages are never in memory all at once."""

    file = "4-stream_ages.py"
    users = some_users(MANY)

    def setUp(self) -> None:
        super().setUp()
        self.needs_records()

    def test_does_not_read_the_table_at_once(self) -> None:
        made = self.stream(self.task.stream_user_ages)
        self.assertFetched(0, CALL, "before an age is asked for")
        next(made, None)
        self.assertNeverWhole(CALL)
        self.assertFetched(MANY // 2, CALL, "for the first age")

    def test_does_not_read_the_rest_at_once(self) -> None:
        self.take(self.stream(self.task.stream_user_ages), MANY, CALL, "ages")
        self.assertNeverWhole(CALL)


class ScriptCase(TableCase):
    """The file is run as a script, which prints the average."""

    file = "4-stream_ages.py"

    def printed(self) -> str:
        """Return the number that the script prints, as it prints it."""
        text = self.run_script()
        found = numbers_after(LABEL, text)
        if not found:
            got = (show(text.strip()) if text.strip() else
                   "nothing printed; who calls what prints it?")
            raise Failure(f'{SCRIPT} should print "{LABEL}: ...": {got}',
                          call=SCRIPT, expected=f'"{LABEL}: ..."', got=got)
        return found[-1]


class AverageAge(ScriptCase):
    """The average that is printed is the right one."""

    def test_prints_a_line_with_the_average(self) -> None:
        self.printed()

    def test_prints_the_right_average(self) -> None:
        ages = [user[3] for user in self.users or ()]
        self.assertMean(sum(ages) / len(ages), self.printed())

    def test_prints_the_right_average_of_others(self) -> None:
        users = some_users(self.random.randint(100, 200))
        self.hold(users)
        self.assertMean(sum(u[3] for u in users) / len(users),
                        self.printed())

    def assertMean(self, mean: float, got: str) -> None:
        """Check a number that may be rounded to the places it has."""
        places = len(got.partition(".")[2])
        if abs(float(got) - mean) > 0.5 * 10 ** -places + 1e-6:
            raise Failure(f"{SCRIPT} should print an average of {mean:.4f}, "
                          f"not {got}", call=SCRIPT, got=got,
                          expected=f"{mean:.4f}, rounded or not")

    def test_does_not_average_in_sql(self) -> None:
        self.needs_records()
        self.printed()
        for sql in self.world.selects():
            if re.search(r"\b(avg|sum)\s*\(", sql, re.IGNORECASE):
                raise Failure(f"{SCRIPT} lets SQL compute the average",
                              call=SCRIPT, expected="no AVG or SUM in SQL",
                              got=show(sql))


class AverageLazily(ScriptCase):
    """The average, too, takes the ages one by one."""

    users = some_users(MANY)

    def test_does_not_read_the_table_at_once_for_the_average(self) -> None:
        self.needs_records()
        self.printed()
        self.assertNeverWhole(SCRIPT)
