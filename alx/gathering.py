"""The base class of suites for coroutines that run through gather."""

from __future__ import annotations

import asyncio
import inspect
import re
import sqlite3
from collections.abc import Sequence
from typing import Any
from unittest import mock

import aiosqlite

from alx.users_case import UsersCase
from alx.users_db import Row, plain
from grader.kit.case import Subject
from grader.kit.failure import Failure
from grader.kit.transcript import looks
from grader.kit.values import show

_QUERY = re.compile(r"""\bfrom\s+(?:main\.)?["'`\[]?users\b""", re.I)


class GatheringCase(UsersCase):
    """Coroutines over aiosqlite; asyncio.gather and close are watched.

    `gathered` holds the names of what each gather got; `closed` the
    connections on which close was called. Only calls count: a connection
    without one may be closed by the garbage collector, at any time or never.
    """

    def load_task(self) -> Subject:
        """Load the file, and drop the record of what that did."""
        self.gathered: list[list[str]] = []
        self.closed: list[object] = []
        close, gather = aiosqlite.Connection.close, asyncio.gather

        async def closing(connection: aiosqlite.Connection) -> None:
            self.closed.append(connection._connection)
            await close(connection)

        def watched(*awaitables: Any, **options: Any) -> Any:
            self.gathered.append([_name(each) for each in awaitables])
            return gather(*awaitables, **options)
        self.enterContext(
            mock.patch.object(aiosqlite.Connection, "close", closing))
        self.enterContext(mock.patch("asyncio.gather", watched))
        task = super().load_task()
        self.gathered.clear()
        return task

    @looks
    def run_coroutine(self, name: str) -> Any:
        """Run one of the file's coroutines and return its result."""
        coroutine = self.call(getattr(self.task, name))
        if not inspect.iscoroutine(coroutine):
            raise Failure(f"{name}() should be a coroutine (async def)",
                          call=f"{name}()", expected="a coroutine",
                          got=show(coroutine))
        return self.call(self.named(lambda: asyncio.run(coroutine), name))

    @looks
    def run_anyhow(self, name: str) -> None:
        """Run a coroutine, also one that creates the users table itself."""
        try:
            self.run_coroutine(name)
        except Failure as failure:
            if not isinstance(failure.__cause__, sqlite3.Error):
                raise
            self.db.rebuild(None)
            self.gathered.clear()
            self.closed.clear()
            if self.attempt(self.run_coroutine, name):
                raise

    @looks
    def text_of(self, name: str) -> str:
        """Return the text of what a coroutine returns or prints."""
        self.seen.forget()
        got = self.run_coroutine(name)
        return show(plain(got), 9999) if got else self.seen.text()

    @looks
    def queries(self) -> int:
        """Count the queries on users that were run."""
        return sum(map(bool, map(_QUERY.search, self.db.statements)))

    @looks
    def never_closed(self) -> int:
        """Count the connections of aiosqlite on which close was not called.
        """
        return sum(not any(conn is each for each in self.closed)
                   for conn in self.db.asynchronous)


def names_in(text: str, users: Sequence[Row]) -> list[str]:
    """Return the names of those users that a text names."""
    return [user[1] for user in users if user[1] in text]


def _name(awaitable: Any) -> str:
    if isinstance(awaitable, asyncio.Task):
        awaitable = awaitable.get_coro()
    return str(getattr(awaitable, "__name__", ""))
