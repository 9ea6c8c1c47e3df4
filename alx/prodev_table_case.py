"""The base class of suites on the filled table user_data, and its users."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from alx import prodev_database
from alx.prodev_case import source_of
from alx.prodev_database import DATABASE
from alx.prodev_sqlite import COLUMNS, User, plain
from alx.prodev_stream_case import StreamCase
from grader.kit.case import Subject
from grader.kit.exceptions import describe
from grader.kit.failure import Failure
from grader.kit.loading import error_of_script, load
from grader.kit.scratch import give, workspace
from grader.kit.transcript import expects, looks
from grader.kit.values import show

USERS = 237
# More than any batch that learners fetch at a time.
MANY = 2100
# The random bits of a UUID, and the fixed ones of version 4.
_RANDOM = ~(0xf << 76 | 0x3 << 62)
_VERSION_4 = 4 << 76 | 0x2 << 62


@cache
def some_users(count: int) -> tuple[User, ...]:
    """Return users in the order of their ids; one in ten is 25."""
    return drawn_users(random.Random(count), range(count), (1, 110))


def with_ages(*ages: int) -> tuple[User, ...]:
    """Return users of these ages."""
    return tuple((*user[:3], age) for user, age in zip(
        some_users(len(ages)), ages))


@lru_cache(8)
def fresh_users(seed: str, least: int, most: int) -> tuple[User, ...]:
    """Return `least` to `most` users, which depend on the seed alone.

    Their average age differs widely from one seed to another.
    """
    rng = random.Random(f"{seed} users")
    numbers = rng.sample(range(10 ** 5, 10 ** 6), rng.randint(least, most))
    lowest = rng.randint(1, 90)
    return drawn_users(rng, numbers, (lowest, lowest + 20))


def drawn_users(rng: random.Random, numbers: Sequence[int],
                ages: tuple[int, int]) -> tuple[User, ...]:
    """Return users with these numbers in their names and emails."""
    # choice draws the same numbers as randint does, in half the time.
    ages_between = range(ages[0], ages[1] + 1)
    ids = sorted(_uuid(rng.getrandbits(128)) for _ in numbers)
    return tuple((ids[n], f"{_name(n)} {_name(n * 7 + 3)}{number}",
                  f"user{number}@example.com",
                  25 if n % 10 == 3 else 26 if n % 10 == 6
                  else rng.choice(ages_between))
                 for n, number in enumerate(numbers))


def _uuid(number: int) -> str:
    """Return what str(UUID(int=number, version=4)) does, in half the time.
    """
    text = f"{number & _RANDOM | _VERSION_4:032x}"
    return (f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-"
            f"{text[20:]}")


def _name(number: int) -> str:
    names = ("Ada", "Ben", "Chike", "Dana", "Ezra", "Fay", "Gus", "O'Hara")
    return names[number % len(names)]


class TableCase(StreamCase):
    """A task on the filled table; `self.users` is what it holds.

    The learner's own seed.py serves where it works, else ours does.
    """

    users: tuple[User, ...] = some_users(USERS)

    def prepare(self) -> None:
        """See that there is a seed.py that leads to the table."""
        words = _words_of(source_of(self.path))
        # Once in a process: a file that was replaced stays so.
        if "seed" not in _seeds:
            _seeds["seed"] = self._seed(words)
            self.hold(self.users)
        seed = _seeds["seed"]
        seed.put()
        if seed.problem and b"seed" in words:
            self.advise(f"{seed.replaced} for this task: {seed.problem}")
        self.forget()

    def _seed(self, words: frozenset[bytes]) -> Seed:
        """Return the seed.py to use: the learner's, in part, or ours."""
        if not (workspace() / "seed.py").is_file():
            return Seed(problem="it is not there")
        own = (workspace() / "seed.py").read_bytes()
        try:
            problem = self._problem_of_seed(words)
        except Failure as failure:
            return Seed(problem=failure.message)
        if problem is None:
            return Seed(own=own)
        seed = Seed(own=own, problem=problem)
        seed.put()
        self.hold(self.users)
        try:
            is_good = self._problem_of_seed(words) is None
        except Failure:
            is_good = False
        return seed if is_good else Seed(problem=problem)

    def _problem_of_seed(self, words: frozenset[bytes]) -> str | None:
        """Return why a seed.py is not usable, None if it is.

        Raises Failure where it does not load.
        """
        seed = load("seed.py")
        if b"seed" in words and b"connect_to_prodev" not in words:
            return None  # the task uses other functions of seed.py
        try:
            connection = seed.connect_to_prodev()
            cursor = connection.cursor()
            cursor.execute("SELECT COUNT(*) FROM user_data")
            found = cursor.fetchall()[0][0]
            connection.close()
        except BaseException as error:
            return f"connect_to_prodev() does not work: {describe(error)}"
        return None if found == len(self.users) else (
            "connect_to_prodev() does not lead to the table user_data of "
            f"{DATABASE}")

    def _load(self) -> Subject:
        try:
            return super()._load()
        except Failure as failure:
            seed = _seeds["seed"]
            if seed.problem and re.search(r"(?:from|module) 'seed'",
                                          failure.message):
                failure.message += f" ({seed.replaced}: {seed.problem})"
                failure.args = (failure.message,)
            raise

    def _tidy(self) -> None:
        query = "SELECT user_id, name, email, age FROM user_data"
        if self.lite.used:
            self.hold(self.users)
            return
        if self.world.is_untouched():
            return
        try:
            found = prodev_database.rows(query)
        except Exception:
            found = []
        if [(*row[:3], int(row[3])) for row in found] != list(
                self.users):
            self.hold(self.users)

    # Rows

    def assertSeveral(self, rows: Any, call: str,
                      verb: str = "yield lists of users") -> None:
        """Check that what a generator yields is a list of rows, not one."""
        self.assertHolds(are_several(rows), Failure(
            f"{call} should {verb}, not {show(rows)}", call=call,
            got=show(rows), expected="a list of users"))

    @expects
    def assertUsers(self, expected: tuple[User, ...], rows: list[Any],
                    call: str) -> None:
        """Check that rows (dicts or tuples) are these users, in any order.
        """
        printed = self.after()
        if not self.transcript.compares:
            return
        lost = self.others(expected, rows, call)
        if lost:
            raise Failure(f"{call} gives {len(rows)} of {len(expected)} "
                          f"users: {show(lost[0])} is not among them"
                          f"{printed}", call=call, got=_users(len(rows)),
                          expected=_users(len(expected)))

    @expects
    def assertAmong(self, expected: tuple[User, ...], rows: list[Any],
                    call: str) -> None:
        """Check that each of some rows is another one of these users."""
        if self.transcript.compares:
            self.others(expected, rows, call)

    def others(self, users: tuple[User, ...], rows: list[Any],
               call: str) -> list[User]:
        """Return the users that are not among rows, which are all users."""
        got = [self.as_user(row, call) for row in rows]
        emails = {user[2]: user for user in users}
        known = set(emails)
        for user in got:
            wanted = emails.pop(user[2], None)
            if wanted is None:
                what = ("more than once" if user[2] in known
                        else "who is not in the table")
                raise Failure(f"{call} gives {show(user)} {what}", call=call,
                              got=show(user), expected="every user once")
            self.assertGot(wanted, user, f"a row of {call}")
        return list(emails.values())

    def as_user(self, row: Any, call: str) -> tuple[Any, ...]:
        """Return a plain row, which must have the four columns."""
        if type(row) is tuple and len(row) == len(COLUMNS):
            return row
        raise Failure(f"{call} should give rows with {', '.join(COLUMNS)}, "
                      f"not {show(row)}", call=call,
                      expected="a dict or tuple for each user", got=show(row))

    # Scripts

    @looks
    def run_script(self) -> str:
        """Run the file as a script, and return what it prints."""
        self.forget()
        error = error_of_script(self.file)
        if error is not None:
            raise self.raised(error, f"python3 {self.file}") from error
        return self.printed


@lru_cache(maxsize=1)
def _words_of(source: bytes) -> frozenset[bytes]:
    return frozenset(re.findall(rb"\w+", source))


class FreshCase(TableCase):
    """A task on a table of fresh users, whose number is drawn as well."""

    least, most = 201, 299

    def draw(self) -> None:
        """Draw the table, which is the same for all checks of a run."""
        self.users = fresh_users(self.seed, self.least, self.most)


class FreshManyCase(FreshCase):
    """A task on a fresh table of thousands of users."""

    least, most = MANY + 1, MANY + 400


@dataclass(frozen=True)
class Seed:
    """The seed.py that the other files import.

    That is the learner's `own`, or with a `problem` its functions replaced
    by ours, or ours where there is none of its own that loads.
    """

    own: bytes | None = None
    problem: str | None = None

    @property
    def replaced(self) -> str:
        """Return the sentence about what was replaced."""
        return ("your seed.py was replaced by ours" if self.own is None else
                "the five functions of your seed.py were replaced by ours")

    def put(self) -> None:
        """Write it into the workspace, unless the learner's is used."""
        if self.problem is None:
            return
        path = give("seed.py")
        if self.own is not None:
            # Under another name: the learner's own takes its place.
            path.replace(path.with_name("given_seed.py"))
            path.write_bytes(self.own + _FUNCTIONS)


_FUNCTIONS = b"""

from given_seed import (
    connect_db, connect_to_prodev, create_database, create_table, insert_data)
"""
_seeds: dict[str, Seed] = {}


def are_several(rows: Any) -> bool:
    """Return whether a plain value is a list of rows, not a row."""
    return type(rows) in (list, tuple) and not (
        rows and type(rows[0]) is str)


def rows_of(value: Any) -> list[Any] | None:
    """Return a list of rows with each of them plain; None for all else."""
    if isinstance(value, (list, tuple)) and not (
            value and isinstance(value[0], str)):
        return [plain(row) for row in value]
    return None


def listed(value: Any) -> Any:
    """Return the plain rows of a list; all else comes back as it is."""
    rows = rows_of(value)
    return value if rows is None else rows


def numbers_after(label: str, text: str) -> list[str]:
    """Return the numbers that follow a label in a text."""
    return re.findall(re.escape(label) + r"\s*:?\s*(-?\d+(?:\.\d+)?)", text,
                      re.IGNORECASE)


def _users(number: int) -> str:
    return f"{number} user{'s' * (number != 1)}"
