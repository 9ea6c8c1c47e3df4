"""The base class of suites on a MySQL server."""

from __future__ import annotations

import builtins
import getpass
import re
import sqlite3
from contextlib import ExitStack
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from unittest import SkipTest

from alx import prodev_database
from alx.prodev_database import DATABASE
from alx.prodev_sqlite import Lite, User
from alx.prodev_world import World
from grader.kit.case import Function, Subject, TaskCase
from grader.kit.drivers import POSTGRES, postgres, without
from grader.kit.environment import environment
from grader.kit.exceptions import describe, plain
from grader.kit.failure import Failure
from grader.kit.loops import has_functions, lines_of_loops
from grader.kit.prints import PrintedText
from grader.kit.replacing import replaced
from grader.kit.scratch import give, texts_of, workspace
from grader.kit.transcript import expects, looks
from grader.kit.values import show

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
# The defaults of a file do not count for these: the server decides them.
_OF_SERVER = ("HOST", "PORT", "USER", "USERNAME", "PASSWORD", "PASS")
_FALLING_BACK = re.compile(
    r"""(?:getenv|environ\.get)\(\s*['"](\w+)['"]\s*,\s*['"]([^'"]+)['"]""")
# How much of what is printed is read, in characters.
MOST = 500_000


class ServerCase(TaskCase):
    """A task on MySQL; the server holds `users` when the file loads.

    `self.world` is the server, and `self.lite` what sqlite3 opens in its
    place; both are behind the wall only. `self.printed` is what the file
    printed since `forget`.
    """

    users: tuple[User, ...] | None = None
    world: World
    lite: Lite

    def load_task(self) -> Subject:
        """Load the file in a world with the server and its data."""
        # Outside the wall no server is needed, and its import takes time.
        from alx import prodev_server

        give("user_data.csv")
        source_of(self.path)
        self.world = prodev_server.world(workspace())
        self._output = PrintedText("stdout")
        stack = ExitStack()
        self.addCleanup(stack.close)
        stack.enter_context(environment(settings(workspace())))
        stack.enter_context(replaced(
            (getpass, "getpass", lambda *args, **kwargs: "root"),
            (builtins, "input", lambda *args: "root")))
        stack.enter_context(self.world.served())
        self.lite = Lite(workspace() / ".lite", self.world.note)
        stack.enter_context(self.lite.served())
        stack.enter_context(without(POSTGRES))
        stack.enter_context(self._output.in_place())
        self.hold(self.users)
        self.prepare()
        task = self._load()
        self._tidy()
        self.forget()
        return task

    def prepare(self) -> None:
        """Prepare the files beside it."""

    def _load(self) -> Subject:
        try:
            return super().load_task()
        except Failure as failure:
            if name := postgres(failure.__cause__):
                raise self._postgres(name, failure.line) from None
            raise

    def _tidy(self) -> None:
        """Undo what code at the bottom of the file did to the data."""
        if not self.world.is_untouched() and prodev_database.databases():
            self.hold(None)

    @property
    def path(self) -> Path:
        """Return where the file is."""
        return workspace() / self.file

    @looks
    def hold(self, users: tuple[User, ...] | None) -> None:
        """Reset the databases, with these users in the table or nothing."""
        self.world.hold(users)
        self.lite.hold(users)

    def forget(self) -> None:
        """Clear all records."""
        self.world.forget()
        self._output.forget()

    @property
    def printed(self) -> str:
        """Return what the file printed, up to MOST characters: a look."""
        printed: str = self.see(lambda: self._output.text()[:MOST])
        # A forged record may hold more.
        return printed[:MOST]

    @looks
    def after(self) -> str:
        """Return a remark on the last line printed, often the reason."""
        return self._after()

    def _after(self) -> str:
        # No look: it is called for errors of a generator that is collected.
        lines = self._output.text().split("\n")
        last = [line.strip() for line in lines if line.strip()][-1:]
        return f" (it printed {show(plain(last[0]), 200)})" if last else ""

    def name_call(self, function: Function, args: tuple[Any, ...],
                  kwargs: dict[str, Any]) -> str:
        call = super().name_call(function, args, kwargs)
        return re.sub(r"<\w*[cC]onnection object>", "connection", call)

    @looks
    def needs_records(self) -> None:
        """Skip where fetches are not recorded, on a real server."""
        if not self.world.records:
            raise SkipTest("a real server does not report what is fetched")

    def _run(self, function: Function, args: tuple[Any, ...],
             kwargs: dict[str, Any]) -> Any:
        """Call the submission, and word what it raises within the look.

        The driver that it comes from is known only there, and so is what
        was printed before.
        """
        try:
            return super()._run(function, args, kwargs)
        except (Failure, SkipTest, MemoryError):
            raise
        except BaseException as error:
            call = self.name_call(function, args, kwargs)
            raise self.raised(error, call) from error

    def raised(self, error: BaseException, call: str,
               expected: str | None = None) -> Failure:
        if name := postgres(error):
            return self._postgres(name, None)
        failure = super().raised(error, call, expected)
        failure.message += self._after()
        failure.args = (failure.message,)
        return failure

    def _postgres(self, name: str, line: int | None) -> Failure:
        return Failure(f"{self.file} imports {name}, a driver of PostgreSQL, "
                       "which is outside the course: use MySQL "
                       "(mysql.connector)", cause="broken", line=line)

    @property
    def is_lite(self) -> bool:
        """Return whether the file has opened an SQLite database: a look."""
        return bool(self.see(lambda: self.lite.used))

    def advise_mysql(self) -> None:
        """Advise MySQL where sqlite3 was used."""
        if self.is_lite:
            self.advise("the course is about MySQL; sqlite3 is accepted")

    @looks
    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read what is committed; an error of the server is a Failure."""
        if self.lite.used:
            try:
                return self.lite.rows(query)
            except sqlite3.Error as error:
                raise self._unread(error) from None
        try:
            return prodev_database.rows(query)
        except Exception as error:
            raise self._unread(error) from None

    @looks
    def refused(self, query: str, *values: Any) -> str | None:
        """Change something by a query with %s for each value, and commit.

        Returns what the server says where it refuses that.
        """
        try:
            if self.lite.used:
                self.lite.write(query.replace("%s", "?"), values)
            else:
                prodev_database.write(query, values)
        except Exception as error:
            return describe(error)
        return None

    def _unread(self, error: Exception) -> Failure:
        table = f"the table user_data of {DATABASE}"
        return Failure(f"{table} cannot be read: "
                       f"{describe(error)}{self._after()}", call=table,
                       expected=f"a table user_data in {DATABASE}",
                       got=describe(error))

    # Loops

    @expects
    def assertLoops(self, limit: int, *demanded: str,
                    with_callers: bool = False) -> None:
        """Check how many loops the file's functions hold.

        Those that are there for demonstration do not count; see
        grader.kit.loops.
        """
        has_some, lines = self.see(
            lambda: self._loops(demanded, with_callers))
        self.assertHolds(has_some, Failure(
            f"{self.file} defines no function", cause="missing",
            expected="a function"))
        if self.transcript.compares and len(lines) > limit:
            where = ", ".join(map(str, lines))
            raise Failure(
                f"{self.file} has {len(lines)} loops in its functions (lines "
                f"{where}), and the task allows {limit}", line=lines[limit],
                call=self.file, expected=f"{limit} for or while at most",
                got=f"{len(lines)} (lines {where})")

    def _loops(self, demanded: tuple[str, ...],
               with_callers: bool) -> tuple[bool, list[int]]:
        source = source_of(self.path)
        return has_functions(source), lines_of_loops(
            source, demanded, with_callers)


def settings(folder: Path) -> dict[str, str]:
    """Return the environment for the files of a folder.

    A file gets the values that it falls back on, as it would where none
    of them is set.
    """
    own = {name: value for text in texts_of(folder)
           for name, value in _fallbacks(text)
           if name in SETTINGS and not name.upper().endswith(_OF_SERVER)}
    return {**SETTINGS, **own}


@lru_cache(maxsize=32)
def _fallbacks(source: str) -> list[tuple[str, str]]:
    """Return the variables that a file reads, and what it falls back on."""
    return _FALLING_BACK.findall(source)


@cache
def source_of(path: Path) -> bytes:
    """Return what a file held at first, since it may rewrite itself."""
    return path.read_bytes() if path.is_file() else b""
