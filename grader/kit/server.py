"""The base class of suites on a MySQL server."""

from __future__ import annotations

import re
import sqlite3
from contextlib import ExitStack
from typing import Any, ClassVar
from unittest import SkipTest, mock

from grader.kit import mysql_table, mysql_world
from grader.kit.case import Function, Subject, TaskCase
from grader.kit.drivers import POSTGRES, postgres, without
from grader.kit.environment import environment
from grader.kit.exceptions import describe, plain
from grader.kit.failure import Failure
from grader.kit.lite import Lite, User
from grader.kit.loops import has_functions, lines_of_loops
from grader.kit.mysql_table import DATABASE
from grader.kit.prints import Transcript
from grader.kit.scratch import give, workspace
from grader.kit.values import show
from grader.kit.world import World

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
        self._printed = Transcript("stdout")
        stack = ExitStack()
        self.addCleanup(stack.close)
        stack.enter_context(environment(SETTINGS))
        stack.enter_context(mock.patch("getpass.getpass",
                                       lambda *args, **kwargs: "root"))
        stack.enter_context(mock.patch("builtins.input",
                                       lambda *args: "root"))
        stack.enter_context(self.world.served())
        self.lite = Lite(workspace() / ".lite", self.world.folder,
                         self.world.note)
        stack.enter_context(self.lite.served())
        stack.enter_context(without(POSTGRES))
        stack.enter_context(self._printed.in_place())
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
            if name := postgres(failure.__cause__):
                raise self._postgres(name, failure.line) from None
            raise

    def _tidy(self) -> None:
        """Undo what code at the bottom of the file did to the data."""
        if not self.world.is_untouched() and mysql_table.databases():
            self.hold(None)

    def hold(self, users: tuple[User, ...] | None) -> None:
        """Start anew, with these users in the table or with nothing."""
        self.world.hold(users)
        self.lite.hold(users)

    def forget(self) -> None:
        """Start all the records anew."""
        self.world.forget()
        self._printed.forget()

    @property
    def said(self) -> str:
        return self._printed.text()

    def after(self) -> str:
        """Say what was printed last, which often tells the reason."""
        lines = self.said.split("\n")
        last = [line.strip() for line in lines if line.strip()][-1:]
        return f" (it printed {show(plain(last[0]), 200)})" if last else ""

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
        if name := postgres(error):
            return self._postgres(name, None)
        failure = super().raised(error, call, expected)
        failure.message += self.after()
        failure.args = (failure.message,)
        return failure

    def _postgres(self, name: str, line: int | None) -> Failure:
        return Failure(f"{self.file} imports {name}, a driver of PostgreSQL, "
                       "which is outside the course: use MySQL "
                       "(mysql.connector)", cause="broken", line=line)

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
            return mysql_table.rows(query)
        except Exception as error:
            raise self._unread(error) from None

    def _unread(self, error: Exception) -> Failure:
        table = f"the table user_data of {DATABASE}"
        return Failure(f"{table} cannot be read: "
                       f"{describe(error)}{self.after()}", call=table,
                       expected=f"a table user_data in {DATABASE}",
                       got=describe(error))

    # Loops

    def assertLoops(self, limit: int) -> None:
        """Check how many loops the file's functions hold."""
        source = (workspace() / self.file).read_bytes()
        if not has_functions(source):
            raise Failure(f"{self.file} defines no function",
                          cause="missing", expected="a function")
        lines = lines_of_loops(source)
        if len(lines) > limit:
            where = ", ".join(map(str, lines))
            raise Failure(
                f"{self.file} has {len(lines)} loops in its functions (lines "
                f"{where}), and the task allows {limit}", line=lines[limit],
                call=self.file, expected=f"{limit} for or while at most",
                got=f"{len(lines)} (lines {where})")
