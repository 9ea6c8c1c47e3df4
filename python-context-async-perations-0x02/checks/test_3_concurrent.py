"""3-concurrent.py: two queries at the same time."""

import asyncio
import inspect
import sqlite3
from typing import Any
from unittest import mock

import aiosqlite

from grader.kit import Failure
from grader.kit.case import Subject
from grader.kit.users import UsersCase
from grader.kit.users_db import USERS, plain
from grader.kit.values import show

BOTH = {"async_fetch_users", "async_fetch_older_users"}


class Concurrent(UsersCase):
    """fetch_concurrently gathers both coroutines."""

    file = "3-concurrent.py"

    def load_task(self) -> Subject:
        """Load the file with gather and close watched.

        A connection nobody closes may be closed with the garbage, sooner
        or later or, before aiosqlite 0.22, never: only calls count.
        """
        self.gathered: list[list[str]] = []
        self.closed: list[object] = []
        close = aiosqlite.Connection.close

        async def closing(connection: aiosqlite.Connection) -> None:
            self.closed.append(connection._connection)
            await close(connection)
        self.enterContext(
            mock.patch.object(aiosqlite.Connection, "close", closing))
        gather = asyncio.gather

        def watched(*awaitables: Any, **options: Any) -> Any:
            self.gathered.append([_name(each) for each in awaitables])
            return gather(*awaitables, **options)
        self.enterContext(mock.patch("asyncio.gather", watched))
        task = super().load_task()
        self.gathered.clear()
        return task

    def run_coroutine(self, name: str) -> Any:
        """Run one of the file's coroutines to its end."""
        coroutine = self.call(getattr(self.task, name))
        if not inspect.iscoroutine(coroutine):
            raise Failure(f"{name}() should be a coroutine (async def)",
                          call=f"{name}()", expected="a coroutine",
                          got=show(coroutine))
        return self.call(self.named(lambda: asyncio.run(coroutine), name))

    def run_both(self) -> None:
        """Run fetch_concurrently, also if it makes a table of its own."""
        try:
            self.run_coroutine("fetch_concurrently")
        except Failure as failure:
            if not isinstance(failure.__cause__, sqlite3.Error):
                raise
            self.db.rebuild(None)
            self.gathered.clear()
            self.closed.clear()
            if self.attempt(lambda: asyncio.run(
                    self.task.fetch_concurrently())):
                raise

    def names(self, name: str) -> list[str]:
        """Return whom a coroutine returns or prints."""
        self.seen.forget()
        got = self.run_coroutine(name)
        told = show(plain(got), 9999) if got else self.seen.text()
        return [user[1] for user in USERS if user[1] in told]

    def test_fetches_all_users(self) -> None:
        self.assertGot(["Amara Obi", "Bram Visser", "Chidi Eze",
                        "Dina Haddad", "Emil Larsen", "Farah Noor",
                        "Goran Ilic"],
                       self.names("async_fetch_users"),
                       "the names from async_fetch_users()")

    def test_fetches_the_users_older_than_40(self) -> None:
        self.assertGot(["Dina Haddad", "Farah Noor"],
                       self.names("async_fetch_older_users"),
                       "the names from async_fetch_older_users()")

    def test_runs_both_through_gather(self) -> None:
        self.run_both()
        if not any(BOTH <= set(names) or len(names) > 1
                   for names in self.gathered):
            raise Failure(
                "fetch_concurrently() should run both coroutines through one "
                "asyncio.gather", call="fetch_concurrently()",
                expected="asyncio.gather(async_fetch_users(), "
                         "async_fetch_older_users())",
                got=_told(self.gathered))

    def test_fetches_both_at_once(self) -> None:
        self.run_both()
        ran = " ".join(self.db.statements).casefold()
        if ran.count("from users") < 2:
            raise Failure("fetch_concurrently() should run two queries on "
                          "users", call="fetch_concurrently()",
                          expected="two queries",
                          got=f"{ran.count('from users')}")
        if len(self.db.connections) > len(self.db.asynchronous):
            self.advise("use aiosqlite in the coroutines: sqlite3 holds up "
                        "the event loop until each query has run")

    def test_ends_with_every_connection_closed(self) -> None:
        self.run_both()
        left = sum(not any(conn is each for each in self.closed)
                   for conn in self.db.asynchronous)
        if left:
            raise Failure("fetch_concurrently() leaves a connection open: "
                          "its thread can keep the program from ending",
                          cause="timeout", call="fetch_concurrently()",
                          expected="every connection closed",
                          got=f"{left} left open")
        if self.db.left_open:
            self.advise("close the connections that the coroutines open")


def _name(awaitable: Any) -> str:
    if isinstance(awaitable, asyncio.Task):
        awaitable = awaitable.get_coro()
    return str(getattr(awaitable, "__name__", ""))


def _told(gathered: list[list[str]]) -> str:
    if not gathered:
        return "no call of asyncio.gather"
    return "; ".join(f"asyncio.gather({', '.join(names)})"
                     for names in gathered)
