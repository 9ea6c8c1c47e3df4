"""The base class of suites on users.db."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from string import ascii_lowercase
from typing import Any

from alx import users_mysql
from alx.users_db import USERS, Row, UsersDb, plain
from grader.kit.case import Function, Subject
from grader.kit.drivers import POSTGRES, postgres, without
from grader.kit.exceptions import describe
from grader.kit.failure import Failure
from grader.kit.loading import error_of_script
from grader.kit.raising import RaisingCase
from grader.kit.scratch import text_of, tidied, workspace
from grader.kit.seen import Seen
from grader.kit.transcript import expects, looks
from grader.kit.values import call_text
from grader.kit.virtualtime.clock import Clock
from grader.kit.virtualtime.patches import virtual_time

# Loaded before time is virtual, like everything of the standard library.
with suppress(ImportError):
    import aiosqlite  # noqa: F401


# What a file may raise where files or tables differ from the learner's own.
_OF_A_WORLD = sqlite3.Error, OSError
_NO_TABLE = re.compile(r"no such table|Table '.{1,99}' doesn't exist")
_ENVIRONMENT = re.compile(r"\b(?:getenv|environ|dotenv)\b")


class UsersCase(RaisingCase):
    """A task around users.db; `self.db` is the database, freshly filled.

    `self.seen` holds what was printed and logged, `self.clock` the time,
    which is virtual.
    """

    db: UsersDb
    seen: Seen
    clock: Clock

    def setUp(self) -> None:
        self._names: list[tuple[Function, str]] = []
        super().setUp()

    def load_task(self) -> Subject:
        """Load the file with the database that it relies on."""
        self.db = UsersDb(workspace())
        # Names from an environment that did not come along are None.
        self.db.server.default = "users" if _ENVIRONMENT.search(
            self.source) else None
        self.seen = Seen(workspace())
        world = ExitStack()
        self.addCleanup(world.close)
        # Files that one check leaves must not be there for the next.
        world.enter_context(tidied(workspace()))
        world.enter_context(self.db.served())
        world.enter_context(self.seen.collecting())
        self.clock = world.enter_context(virtual_time())
        world.enter_context(without(POSTGRES))
        task = self._load()
        # Code at the bottom of the file may have changed what is there.
        self.db.rebuild()
        self.forget()
        return task

    def _load(self) -> Subject:
        """Load the file; where that fails, try each remedy in turn.

        The first failure is the one that is raised.
        """
        first: Failure | None = None
        tried: set[str] = set()
        while True:
            try:
                return super().load_task()
            except Failure as failure:
                first = first or self._worded(failure)
                remedy = next((name for name in self.remedies(failure)
                               if name not in tried), None)
                if remedy is None:
                    raise first from None
                tried.add(remedy)

    def remedies(self, failure: Failure) -> Iterator[str]:
        """Change, one by one, things that may have kept it from loading.

        Yields the name of each change when it is made.
        """
        error = failure.__cause__
        if isinstance(error, sqlite3.Error) or users_mysql.is_error(error):
            # It creates the table itself, which exists already. On Windows
            # it cannot remove a database that it has left open.
            for conn in self.db.connections:
                with suppress(sqlite3.Error):
                    conn.close()
            self.db.rebuild(None)
            yield "no table"
            # That was not it.
            self.db.rebuild()
        if isinstance(error, FileNotFoundError) and error.filename:
            # It logs to a folder that is not in the submission.
            folder = (workspace() / str(error.filename)).resolve().parent
            if folder.is_relative_to(workspace().resolve()):
                folder.mkdir(parents=True, exist_ok=True)
                yield "a folder"
        # It looks for a database of a name that only its source has.
        self.db.touch(self.source)
        yield "a database"

    @property
    def source(self) -> str:
        """Return the text of the file."""
        path = workspace() / self.file
        return text_of(path) if path.is_file() else ""

    def _worded(self, failure: Failure) -> Failure:
        if not postgres(failure.__cause__):
            return failure
        return Failure(f"{self.file} uses PostgreSQL, which is outside the "
                       "course: use sqlite3 and users.db", cause="broken",
                       line=failure.line)

    def forget(self) -> None:
        """Clear all records."""
        self.db.forget()
        self.seen.forget()
        self._loaded = len(self.clock.waits)

    @property
    def sleeps(self) -> list[float]:
        """Return the seconds of every sleep since the last `forget`."""
        sleeps: list[float] = self.see(lambda: [
            wait.seconds for wait in self.clock.waits[self._loaded:]])
        return sleeps

    @property
    def driver(self) -> str | None:
        """Return the MySQL driver that the file uses; None for SQLite."""
        driver: str | None = self.see(
            lambda: users_mysql.driver_of(self.source))
        return driver

    # Calls

    def named(self, function: Function, name: str) -> Function:
        """Call `function` by this name in messages; return it."""
        self._names.append((function, name))
        return function

    def name_call(self, function: Function, args: tuple[Any, ...],
                  kwargs: dict[str, Any]) -> str:
        for known, name in self._names:
            if known is function:
                return call_text(name, args, kwargs)
        return super().name_call(function, args, kwargs)

    def hold(self, *users: Row) -> None:
        """Fill the table with these users instead of USERS."""
        self.see(lambda: self.db.rebuild(users))

    def fresh_users(self, count: int) -> list[Row]:
        """Fill the table with random users, and return them."""
        users = [(number, f"{self.letters()} {self.letters()}",
                  f"{self.letters().lower()}@example.org",
                  self.random.randint(18, 99))
                 for number in sorted(
                     self.random.sample(range(1, 9999), count))]
        self.hold(*users)
        return users

    def letters(self) -> str:
        """Return a name of six random letters."""
        return "".join(self.random.choices(ascii_lowercase, k=6)).title()

    @looks
    def run_script(self) -> str:
        """Run the file as a script, and return what it prints and logs.

        Where it fails over a file or a table, it is run again with the
        files that it names, and then without a table, which it may make.
        """
        error = self._end_of_script()
        for rows in (USERS, None):
            if error is None or not (isinstance(error, _OF_A_WORLD)
                                     or users_mysql.is_error(error)):
                break
            self.db.rebuild(rows)
            self.db.touch(self.source)
            if self._end_of_script() is None:
                return self.seen.text()
        if error is not None and _NO_TABLE.search(describe(error)):
            self.advise(f"python3 {self.file} asks for a table that is not "
                        f"there: {describe(error)}")
        elif error is not None:
            raise self.raised(error, f"python3 {self.file}") from error
        return self.seen.text()

    def _end_of_script(self) -> BaseException | None:
        """Run the file as a script; return what it raises."""
        self.forget()
        return error_of_script(self.file)

    def assertRunsAsScript(self) -> None:
        """Check that the code at the end of the file runs, and shows rows.
        """
        if not self.run_script():
            self.advise(f"have python3 {self.file} print what the query "
                        "finds, as the task asks")

    # Assertions

    @expects
    def assertRows(self, expected: object, function: Function, /,
                   *args: Any, **kwargs: Any) -> None:
        """Check a row or list of rows; sqlite3.Row and dicts are rows too."""
        got = self._result(None, function, args, kwargs, then=plain)
        self.assertGot(expected, got, self.name_call(function, args, kwargs))

    @expects
    def assertLeftOpen(self, expected: int, after: str) -> None:
        """Check that something was opened, and how much is open still."""
        opened, left_open = self.see(
            lambda: (self.db.opened, self.db.left_open))
        self.assertHolds(opened, Failure(
            f"no connection to the database was opened: {after} has none to "
            "close", call=after, expected="one connection opened",
            got="none opened"))
        self.assertHolds(left_open == expected, Failure(
            f"{after} leaves its database connection open", call=after,
            expected="every connection closed", got=f"{left_open} left open"))
