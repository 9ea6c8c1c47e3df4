"""The base classes of the suites around the table user_data."""

from __future__ import annotations

import inspect
import io
import os
import random
import re
import sqlite3
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, redirect_stdout
from functools import cache
from itertools import islice
from typing import Any, ClassVar
from unittest import SkipTest, mock

from grader.kit import mysql_world
from grader.kit.case import Function, Subject, TaskCase
from grader.kit.failure import Failure
from grader.kit.lite import Lite, User
from grader.kit.load import compile_source, describe, give, load, workspace
from grader.kit.loops import lines_of_loops
from grader.kit.mysql_world import DATABASE, World
from grader.kit.users import POSTGRES, without
from grader.kit.values import show

COLUMNS = ("user_id", "name", "email", "age")
USERS = 237
# More than any batch that a learner fetches at a time.
MANY = 2100

# How learners name the settings that they read from the environment.
_KINDS = {"HOST": "localhost", "PORT": "3306", "USER": "root",
          "USERNAME": "root", "PASSWORD": "root", "PASS": "root",
          "NAME": DATABASE, "DATABASE": DATABASE, "DB": DATABASE,
          "DB_NAME": DATABASE, "ROOT_USER": "root", "ROOT_PASSWORD": "root"}
SETTINGS = {f"{prefix}{kind}": value for kind, value in _KINDS.items()
            for prefix in ("DB_", "DB", "MYSQL_", "DATABASE_", "SQL_")}
SETTINGS |= {key.lower(): value for key, value in SETTINGS.items()}
SETTINGS |= {"HOST": "localhost", "PASSWORD": "root", "PORT": "3306",
             "DATABASE": DATABASE, "TABLE_NAME": "user_data",
             "MYSQL_DB_TABLE_NAME": "user_data"}


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


class ServerCase(TaskCase):
    """A task on MySQL; the server holds nothing when the file loads.

    `self.world` is the server, `self.lite` what sqlite3 opens in its
    place, and `self.said` what the file printed since `forget`.
    """

    users: ClassVar[tuple[User, ...] | None] = None
    world: World
    lite: Lite

    def load_task(self) -> Subject:
        """Load the file in a world with the server and its data."""
        give("user_data.csv")
        self.world = mysql_world.world(workspace())
        self._printed = io.StringIO()
        stack = ExitStack()
        self.addCleanup(stack.close)
        stack.enter_context(mock.patch.dict(os.environ, SETTINGS))
        stack.enter_context(mock.patch("getpass.getpass",
                                       lambda *args, **kwargs: "root"))
        stack.enter_context(mock.patch("builtins.input",
                                       lambda *args: "root"))
        stack.enter_context(self.world.served())
        self.lite = Lite(workspace() / ".lite", self.world.folder,
                         self.world.note)
        stack.enter_context(self.lite.served())
        stack.enter_context(without(POSTGRES))
        stack.enter_context(redirect_stdout(self._printed))
        self.hold(self.users)
        self.prepare()
        task = self._load()
        self._tidy()
        self.forget()
        return task

    def prepare(self) -> None:
        """Make ready what the file finds beside it."""

    def _load(self) -> Subject:
        try:
            return super().load_task()
        except Failure as failure:
            if wants_postgres(failure.__cause__):
                raise self._postgres(failure.line) from None
            raise

    def _tidy(self) -> None:
        """Undo what code at the bottom of the file did to the data."""
        if mysql_world.databases():
            self.hold(None)

    def hold(self, users: tuple[User, ...] | None) -> None:
        """Start anew, with these users in the table or with nothing."""
        self.world.hold(users)
        self.lite.hold(users)

    def forget(self) -> None:
        """Start all the records anew."""
        self.world.forget()
        self._printed.seek(0)
        self._printed.truncate()

    @property
    def said(self) -> str:
        return self._printed.getvalue()

    def after(self) -> str:
        """Say what was printed last, which often tells the reason."""
        lines = self.said.split("\n")
        last = [line.strip() for line in lines if line.strip()][-1:]
        return f" (it printed {show(last[0], 200)})" if last else ""

    def name_call(self, function: Function, args: tuple[Any, ...],
                  kwargs: dict[str, Any]) -> str:
        call = super().name_call(function, args, kwargs)
        return re.sub(r"<\w*[cC]onnection object>", "connection", call)

    def needs_records(self) -> None:
        """Skip where nobody can see what the driver fetches."""
        if not self.world.records:
            raise SkipTest("a real server does not tell what is fetched")

    def raised(self, error: BaseException, call: str,
               expected: str | None = None) -> Failure:
        if wants_postgres(error):
            return self._postgres(None)
        failure = super().raised(error, call, expected)
        if text := driver_text(error):
            failure.got = f"raised {text}"
            failure.message = f"{call} {failure.got}"
        failure.message += self.after()
        failure.args = (failure.message,)
        return failure

    def _postgres(self, line: int | None) -> Failure:
        return Failure(f"{self.file} uses PostgreSQL, which is outside the "
                       "course: use MySQL (mysql.connector)",
                       cause="broken", line=line)

    def advise_mysql(self) -> None:
        """Advise MySQL where sqlite3 was used."""
        if self.lite.used:
            self.advise("the course is about MySQL; sqlite3 is accepted")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read what is committed; an error of the server is a Failure."""
        if self.lite.used:
            try:
                return self.lite.rows(query)
            except sqlite3.Error as error:
                raise self._unread(error) from None
        try:
            return mysql_world.rows(query)
        except Exception as error:
            raise self._unread(error) from None

    def _unread(self, error: Exception) -> Failure:
        return Failure(f"the table user_data of {DATABASE} cannot be read: "
                       f"{driver_text(error) or describe(error)}"
                       f"{self.after()}",
                       expected=f"a table user_data in {DATABASE}",
                       got=driver_text(error) or describe(error))

    # Loops

    def assertLoops(self, limit: int) -> None:
        """Check how many loops the file's functions hold."""
        source = (workspace() / self.file).read_bytes()
        lines = lines_of_loops(source)
        if len(lines) > limit:
            where = ", ".join(map(str, lines))
            raise Failure(
                f"{self.file} has {len(lines)} loops in its functions (lines "
                f"{where}), and the task allows {limit}", line=lines[limit],
                call=self.file, expected=f"{limit} for or while at most",
                got=f"{len(lines)} (lines {where})")


class TableCase(ServerCase):
    """A task on the filled table; `self.users` is what it holds.

    The learner's own seed.py serves where it works, else ours does.
    """

    users = some_users(USERS)

    def prepare(self) -> None:
        """See that there is a seed.py that leads to the table."""
        # One look is enough: what was replaced stays so in this process.
        if "seed" not in _problems:
            _problems["seed"] = self._look_at_seed()
            self.hold(self.users)
        if problem := _problems["seed"]:
            give("seed.py")
            self.advise(f"your seed.py was replaced by ours for this task: "
                        f"{problem}")
        self.forget()

    def _look_at_seed(self) -> str | None:
        if not (workspace() / "seed.py").is_file():
            return "it is not there"
        try:
            connection = load("seed.py").connect_to_prodev()
            cursor = connection.cursor()
            cursor.execute("SELECT COUNT(*) FROM user_data")
            found = cursor.fetchall()[0][0]
            connection.close()
        except Failure as failure:
            return failure.message
        except BaseException as error:
            why = driver_text(error) or describe(error)
            return f"connect_to_prodev() does not work: {why}"
        return None if found == len(self.users or ()) else (
            "connect_to_prodev() does not lead to the table user_data of "
            f"{DATABASE}")

    def _tidy(self) -> None:
        query = "SELECT user_id, name, email, age FROM user_data"
        if self.lite.used:
            self.hold(self.users)
            return
        try:
            found = mysql_world.rows(query)
        except Exception:
            found = []
        if [(*row[:3], int(row[3])) for row in found] != list(
                self.users or ()):
            self.hold(self.users)

    # Generators

    def stream(self, function: Function, *args: Any) -> Iterator[Any]:
        """Call a generator function; what it raises while it is read is a
        Failure, and anything but a generator is one too.
        """
        made = self.call(function, *args)
        call = self.name_call(function, args, {})
        if not (inspect.isgenerator(made)):
            raise Failure(f"{call} should return a generator, not "
                          f"{show(made)}: use yield", call=call,
                          expected="a generator", got=show(made))
        return self._guarded(made, call)

    def _guarded(self, made: Iterator[Any], call: str) -> Iterator[Any]:
        try:
            yield from made
        except (Failure, GeneratorExit, MemoryError):
            raise
        except BaseException as error:
            raise self.raised(error, call) from error

    def take(self, made: Iterator[Any], most: int, call: str,
             what: str) -> list[Any]:
        """Read a generator to its end; one without an end is a Failure."""
        got = list(islice(made, most + 1))
        if len(got) > most:
            raise Failure(f"{call} does not stop: it has yielded {len(got)} "
                          f"{what}, and there are {most} at most", call=call,
                          expected=f"{most} {what} at most",
                          got=f"{len(got)} and more")
        return got

    def assertSeveral(self, rows: Any, call: str) -> None:
        """Check that what a generator yields is a list of rows, not one."""
        if not isinstance(rows, (list, tuple)) or (
                rows and isinstance(rows[0], str)):
            raise Failure(f"{call} should yield lists of users, not "
                          f"{show(rows)}", call=call, got=show(rows),
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

    # Laziness

    @property
    def fetched(self) -> int:
        """Count the rows that were fetched."""
        return sum(read.rows for read in self.world.reads()
                   if read.method != "execute")

    def assertFetched(self, most: int, call: str, when: str) -> None:
        """Check that no more rows were fetched by now."""
        if self.fetched > most:
            raise Failure(f"{call} has fetched {self.fetched} rows {when}",
                          call=call, expected=f"{most} at most {when}",
                          got=f"{self.fetched} rows fetched")

    def assertNeverWhole(self, call: str) -> None:
        """Check that nothing has read the whole table at once."""
        size = len(self.users or ())
        for read in self.world.reads():
            if read.method == "fetchall" and read.rows > size // 2:
                raise Failure(
                    f"{call} reads the table with fetchall(): all "
                    f"{read.rows} rows are in memory at once", call=call,
                    expected="rows fetched as they are asked for",
                    got=f"fetchall() of {read.rows} rows")
            if read.method == "execute" and read.rows > size // 2:
                self.advise("a buffered cursor reads every row at once; the "
                            "default one reads them as they are asked for")

    def stop(self, made: Iterator[Any], call: str) -> None:
        """Close a generator before its end; only advice can come of it."""
        try:
            getattr(made, "close")()
        except Failure as failure:
            self.advise(f"{call} cannot be closed before its end: it "
                        f"{failure.got}")
        self.advise_closing(call, "is closed before its end")

    def advise_closing(self, call: str, when: str) -> None:
        """Advise to close the connection where one is left open."""
        if self.world.open_connections:
            self.advise(f"close the connection when {call} {when}: a with "
                        "statement or try/finally does it on every path")

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


def driver_text(error: BaseException) -> str | None:
    """Return what a driver's or system's error says, None for others.

    Their arguments are a tuple, of number, text and state.
    """
    name = type.__dict__["__name__"].__get__(type(error))
    if isinstance(error, OSError):
        return f"{name}: {OSError.__str__(error)[:300]}"
    number, text = getattr(error, "errno", None), getattr(error, "msg", None)
    if type(number) is int and type(text) is str:
        return f"{name}: {text[:300]}"
    return None


def wants_postgres(error: BaseException | None) -> bool:
    """Tell whether an error is about a missing PostgreSQL driver."""
    return (isinstance(error, ModuleNotFoundError)
            and (error.name or "").partition(".")[0] in POSTGRES)


def numbers_after(label: str, text: str) -> list[str]:
    """Return the numbers that follow a label in a text."""
    return re.findall(re.escape(label) + r"\s*:?\s*(-?\d+(?:\.\d+)?)", text,
                      re.IGNORECASE)
