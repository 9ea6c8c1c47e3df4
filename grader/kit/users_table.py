"""The base class of the suites around the table user_data."""

from __future__ import annotations

import random
import re
import sqlite3
import sys
import uuid
from functools import cache
from typing import Any
from unittest import mock

from grader.kit import mysql_table
from grader.kit.exceptions import describe
from grader.kit.failure import Failure
from grader.kit.lite import User
from grader.kit.load import compile_source, load
from grader.kit.mysql_table import DATABASE
from grader.kit.prints import of_a_program
from grader.kit.scratch import give, workspace
from grader.kit.streams import StreamCase
from grader.kit.values import show

COLUMNS = ("user_id", "name", "email", "age")
USERS = 237
# More than any batch that a learner fetches at a time.
MANY = 2100


@cache
def some_users(count: int) -> tuple[User, ...]:
    """Return users in the order of their ids; one in ten is 25."""
    rng = random.Random(count)
    ids = sorted(str(uuid.UUID(int=rng.getrandbits(128), version=4))
                 for _ in range(count))
    return tuple((ids[n], f"{_name(n)} {_name(n * 7 + 3)}{n}",
                  f"user{n}@example.com",
                  25 if n % 10 == 3 else 26 if n % 10 == 6
                  else rng.randint(1, 110)) for n in range(count))


def _name(number: int) -> str:
    names = ("Ada", "Ben", "Chike", "Dana", "Ezra", "Fay", "Gus", "O'Hara")
    return names[number % len(names)]


class TableCase(StreamCase):
    """A task on the filled table; `self.users` is what it holds.

    The learner's own seed.py serves where it works, else ours does.
    """

    users = some_users(USERS)

    def prepare(self) -> None:
        """See that there is a seed.py that leads to the table."""
        source = workspace() / self.file
        words = set(re.findall(rb"\w+", source.read_bytes())
                    if source.is_file() else ())
        # One look is enough: what was replaced stays so in this process.
        if "seed" not in _problems:
            _problems["seed"] = self._look_at_seed(words)
            self.hold(self.users)
        if problem := _problems["seed"]:
            give("seed.py")
            if b"seed" in words:
                self.advise("your seed.py was replaced by ours for this "
                            f"task: {problem}")
        self.forget()

    def _look_at_seed(self, words: set[bytes]) -> str | None:
        if not (workspace() / "seed.py").is_file():
            return "it is not there"
        try:
            seed = load("seed.py")
            if b"seed" in words and b"connect_to_prodev" not in words:
                return None  # whatever it calls instead is its own affair
            connection = seed.connect_to_prodev()
            cursor = connection.cursor()
            cursor.execute("SELECT COUNT(*) FROM user_data")
            found = cursor.fetchall()[0][0]
            connection.close()
        except Failure as failure:
            return failure.message
        except BaseException as error:
            return f"connect_to_prodev() does not work: {describe(error)}"
        return None if found == len(self.users or ()) else (
            "connect_to_prodev() does not lead to the table user_data of "
            f"{DATABASE}")

    def _tidy(self) -> None:
        query = "SELECT user_id, name, email, age FROM user_data"
        if self.lite.used:
            self.hold(self.users)
            return
        if self.world.is_untouched():
            return
        try:
            found = mysql_table.rows(query)
        except Exception:
            found = []
        if [(*row[:3], int(row[3])) for row in found] != list(
                self.users or ()):
            self.hold(self.users)

    # Rows

    def assertSeveral(self, rows: Any, call: str,
                      verb: str = "yield lists of users") -> None:
        """Check that what a generator yields is a list of rows, not one."""
        if not isinstance(rows, (list, tuple)) or (
                rows and isinstance(rows[0], str)):
            raise Failure(f"{call} should {verb}, not {show(rows)}",
                          call=call, got=show(rows),
                          expected="a list of users")

    def assertUsers(self, expected: tuple[User, ...], rows: list[Any],
                    call: str) -> None:
        """Check that rows (dicts or tuples) are these users, in any order.
        """
        got = [self.as_user(row, call) for row in rows]
        emails = {user[2]: user for user in expected}
        for user in got:
            wanted = emails.pop(user[2], None)
            if wanted is None:
                raise Failure(f"{call} gives {show(user)} twice, or without "
                              "need", call=call, got=show(user),
                              expected="every user once")
            self.assertGot(wanted, user, f"a row of {call}")
        if emails:
            lost = next(iter(emails.values()))
            raise Failure(f"{call} gives {len(got)} of {len(expected)} users:"
                          f" {show(lost)} is not among them{self.after()}",
                          call=call, expected=f"{len(expected)} users",
                          got=f"{len(got)} users")

    def as_user(self, row: Any, call: str) -> tuple[Any, ...]:
        """Return a row as a tuple in the order of the columns."""
        if type(row) is sqlite3.Row:
            row = dict(row)
        if type(row) is dict and all(name in row for name in COLUMNS):
            return tuple(row[name] for name in COLUMNS)
        if isinstance(row, tuple) and len(row) == len(COLUMNS):
            return tuple(row)
        raise Failure(f"{call} should give rows with {', '.join(COLUMNS)}, "
                      f"not {show(row)}", call=call,
                      expected="a dict or tuple for each user", got=show(row))

    # Scripts

    def run_script(self) -> str:
        """Run the file as a script, and return what it prints."""
        self.forget()
        source = (workspace() / self.file).read_bytes()
        code = compile_source(source, self.file)
        main = type(sys)("__main__")
        main.__file__ = str(workspace() / self.file)
        call = f"python3 {self.file}"
        with mock.patch.dict(sys.modules, {"__main__": main}), \
                mock.patch.object(sys, "argv", [self.file]):
            try:
                with of_a_program():
                    exec(code, vars(main))
            except SystemExit as error:
                if error.code not in (None, 0):
                    raise self.raised(error, call) from error
            except (Failure, MemoryError):
                raise
            except BaseException as error:
                raise self.raised(error, call) from error
        return self.said


_problems: dict[str, str | None] = {}


def numbers_after(label: str, text: str) -> list[str]:
    """Return the numbers that follow a label in a text."""
    return re.findall(re.escape(label) + r"\s*:?\s*(-?\d+(?:\.\d+)?)", text,
                      re.IGNORECASE)
