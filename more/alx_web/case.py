"""The base class of suites for a middleware class in one file."""

from __future__ import annotations

import ast
import datetime
import logging
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from string import ascii_lowercase
from typing import Any, ClassVar
from unittest import mock

from alx_web import standins
from alx_web.exchange import ZONE_FOR_C, Answer, Asked, Person
from grader.kit import Failure, TaskCase, virtual_time
from grader.kit.case import Function, Subject
from grader.kit.failure import Undecided
from grader.kit.scratch import tidied, workspace
from grader.kit.transcript import looks
from grader.kit.virtualtime.clock import Clock

DAY, HOUR = 86_400, 3600
# A Wednesday, in a week that nothing ends in.
START = datetime.datetime(2025, 1, 15)
_PATH = re.compile(r"\^?/?[\w./<>:+*\\\[\]^$()-]*\$?")
_MOST_PATHS = 60


class MiddlewareCase(TaskCase):
    """One of the four classes, put around a view that answers `self.body`.

    `self.clock` starts at midnight where the server stands. `names` are the
    class's, the first one being that of the task.
    """

    file = "chats/middleware.py"
    names: ClassVar[tuple[str, ...]]
    clock: Clock

    def draw(self) -> None:
        self.body = f"hello {self.word()}"
        self.path = f"/{self.word()}/{self.word()}/"
        self.user = Person(self.word())

    def setUp(self) -> None:
        super().setUp()
        self.install()

    # The world

    def load_task(self) -> Subject:
        """Load the file in a site of its own, at midnight."""
        self.prepare(workspace())
        self.enterContext(tidied(workspace()))
        self.enterContext(_in_the_zone())
        self.enterContext(_fresh_logging())
        # Only here: where answers are compared, there is no Django.
        from django.utils import timezone

        from alx_web import site
        self.clock = self.enterContext(
            virtual_time(limit=400 * DAY, start=START.timestamp()))
        # A copy of the name, which no other module of Django's has.
        self.enterContext(mock.patch.object(
            timezone, "datetime", datetime.datetime))
        self.site = site.Site(workspace(), self.body,
                              marked=self.variants.get("role") == "any")
        package = self.file.partition("/")[0]
        self.enterContext(standins.in_place(*standins.PACKAGES))
        self.enterContext(standins.in_place(*standins.NEVER, of=package))
        try:
            return super().load_task()
        except Failure as failure:
            self.enterContext(standins.in_place(
                *standins.AT_NEED, of=package))
            return self._load_again(failure)

    def _load_again(self, first: Failure) -> Subject:
        try:
            return super().load_task()
        except Undecided:
            raise
        except Failure:
            raise first from None

    def prepare(self, folder: Any) -> None:
        """Put what the file may find into its folder."""

    @looks
    def install(self) -> None:
        """Make a new middleware and put it around the view."""
        kind = self._kind()
        handler = self.call(kind, self.site.view)
        if not callable(handler):
            raise Failure(
                f"{self.names[0]} has no method __call__: Django calls the "
                "middleware with each request", expected="__call__",
                got="no such method", call=f"{self.names[0]}(get_response)")
        self.site.put_around(handler)

    def _kind(self) -> Function:
        for name in self.names[1:]:
            if self.names[0] not in self.task and name in self.task:
                self.advise(f"call the class {self.names[0]}, as the task "
                            f"does, not {name}")
                kind: Function = getattr(self.task, name)
                return kind
        named: Function = getattr(self.task, self.names[0])
        return named

    def name_call(self, function: Function, args: tuple[Any, ...],
                  kwargs: dict[str, Any]) -> str:
        if args and isinstance(args[0], Asked):
            return str(args[0])
        name = getattr(function, "__name__", "")
        return (f"{name}(get_response)" if name in self.names
                else super().name_call(function, args, kwargs))

    # Requests

    def send(self, asked: Asked) -> Answer:
        """Send a request; what the middleware raises becomes a Failure."""
        return Answer(*self._result(
            "a response", self._handle, (asked,), {}, then=tuple))

    def _handle(self, asked: Asked) -> Answer:
        answer: Answer = self.site.handle(asked)
        return answer

    def lets_in(self, asked: Asked) -> bool:
        """Send a request; tell whether it gets the view's answer."""
        try:
            return self.send(asked).status == 200
        except Exception:
            return False

    @looks
    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.sleep(seconds)

    # What the file itself mentions

    def judged_path(self, path: str, asks: str, state: str) -> str:
        """Return a path to judge by; another than ours is a variant's.

        A variant is a class that goes by other paths. `asks` is what the
        statement asks for on every path, `state` what then holds for all.
        """
        if path != self.path:
            self.advise_of_all(f"{asks} every path", state, path)
        return path

    def advise_of_all(self, asks: str, state: str, such: str) -> None:
        """Say that the statement asks this of every request."""
        self.advise(f"{asks}, as the statement has it: only some are "
                    f"{state}, such as {such}")

    @looks
    def other_paths(self) -> list[str]:
        """Return paths that the file may be about, none without variants."""
        if "paths" not in self.variants:
            return []
        found = dict.fromkeys(self.variants["paths"])
        for text in self._texts():
            bare = re.sub(r"[\^$*+?()\[\]\\]|<[^>]*>", "", text).strip("/")
            for path in f"/{bare}/", f"/{bare}", f"/api/{bare}/":
                found.setdefault(path.replace("//", "/"))
        return list(found)[:_MOST_PATHS]

    def _texts(self) -> Iterator[str]:
        source = (workspace() / self.file).read_bytes()
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Constant) and isinstance(
                    node.value, str) and 2 < len(node.value) < 50 and (
                        _PATH.fullmatch(node.value)):
                yield node.value

    # Assertions

    def assertAnswered(self, answer: Answer, asked: object) -> None:
        """Check that the answer is the view's, which was called once."""
        what = str(asked)
        self.assertHolds(answer.reached == 1, Failure(
            f"{what} should reach the view once, not "
            f"{_times(answer.reached)}", call=what,
            expected="the view is called once",
            got=f"called {_times(answer.reached)}"))
        self.assertHolds(
            answer.kind == "the response of the view"
            and (answer.status, answer.body) == (200, self.body), Failure(
                f"{what} should give what the view returns, not {answer}"
                + ": is a return missing?" * (answer.kind == "None"),
                call=what, expected="the response of the view",
                got=str(answer)))

    def assertRefused(self, answer: Answer, asked: object,
                      statuses: Sequence[int] = (403,)) -> None:
        """Check that a request is refused, and with which status."""
        what, wanted = str(asked), " or ".join(map(str, statuses))
        self.assertHolds(answer.status in statuses, Failure(
            f"{what} should be refused with {wanted}, not {answer}",
            call=what, expected=wanted, got=str(answer)))

    def assertUnseen(self, answer: Answer, asked: object) -> None:
        """Check that a request did not reach the view if it is refused."""
        what = str(asked)
        self.assertHolds(not answer.reached or answer.status == 200, Failure(
            f"{what} is refused, but the view was called before", call=what,
            expected="the view is not called", got="the view was called"))

    # Fresh inputs

    def word(self) -> str:
        """Return a name of six random letters."""
        return "".join(self.random.choices(ascii_lowercase, k=6))

    def address(self) -> str:
        """Return a random address of those kept for examples."""
        return (f"{self.random.choice(['198.51.100', '203.0.113'])}."
                f"{self.random.randint(1, 254)}")


def _times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(
        number, f"{number} times")


@contextmanager
def _in_the_zone() -> Iterator[None]:
    """Be where the server stands; Windows stays where it is."""
    with mock.patch.dict(os.environ, TZ=ZONE_FOR_C):
        if sys.platform != "win32":
            time.tzset()
        yield
    if sys.platform != "win32":
        time.tzset()


@contextmanager
def _fresh_logging() -> Iterator[None]:
    """Have no handler and no logger of an earlier file about.

    A handler on the root logger would make basicConfig do nothing.
    """
    root = logging.getLogger()
    level = root.level
    with mock.patch.object(root, "handlers", []), mock.patch.object(
            logging.Logger, "manager", logging.Manager(logging.root)):
        root.setLevel(logging.WARNING)
        try:
            yield
        finally:
            for handler in root.handlers:
                handler.close()
            root.setLevel(level)
