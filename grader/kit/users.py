"""The base class of the suites around users.db."""

from __future__ import annotations

import importlib
import inspect
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from typing import Any, NoReturn

from grader.kit.case import Function, Subject, TaskCase
from grader.kit.clock import Clock, virtual_time
from grader.kit.drivers import POSTGRES, postgres, without
from grader.kit.failure import Failure
from grader.kit.load import describe, workspace
from grader.kit.seen import Seen
from grader.kit.users_db import UsersDb, plain
from grader.kit.users_mysql import driver_of
from grader.kit.values import call_text, show

# Loaded before time is virtual, like everything of the standard library.
with suppress(ImportError):
    import aiosqlite  # noqa: F401


class UsersCase(TaskCase):
    """A task around users.db; `self.db` is the database, freshly filled.

    `self.seen` holds what was printed and logged, `self.clock` the time,
    which is virtual.
    """

    db: UsersDb
    seen: Seen
    clock: Clock

    def load_task(self) -> Subject:
        """Load the file in a world with the database it relies on."""
        self.db = UsersDb(workspace())
        self.seen = Seen(workspace())
        self._names: list[tuple[Function, str]] = []
        world = ExitStack()
        self.addCleanup(world.close)
        world.enter_context(self.db.served())
        world.enter_context(self.seen.listening())
        self.clock = world.enter_context(virtual_time())
        world.enter_context(without(POSTGRES))
        task = self._load()
        # Code at the bottom of the file may have changed what is there.
        self.db.rebuild()
        self.forget()
        return task

    def _load(self) -> Subject:
        try:
            return super().load_task()
        except Failure as failure:
            if postgres(failure.__cause__):
                raise Failure(f"{self.file} uses PostgreSQL, which is outside"
                              " the course: use sqlite3 and users.db",
                              cause="broken", line=failure.line) from None
            self._provide(failure)
            return self._load_again(failure)

    def _provide(self, failure: Failure) -> None:
        """Change what may have kept a file from loading, or raise."""
        error = failure.__cause__
        if isinstance(error, sqlite3.Error):
            # It makes a table of its own, and ours was in its way.
            self.db.rebuild(None)
        elif isinstance(error, FileNotFoundError) and error.filename:
            # It logs to a folder that did not come with it.
            folder = (workspace() / error.filename).resolve().parent
            if not folder.is_relative_to(workspace().resolve()):
                raise failure
            folder.mkdir(parents=True, exist_ok=True)
        else:
            raise failure

    def _load_again(self, failure: Failure) -> Subject:
        try:
            return super().load_task()
        except Failure:
            raise failure from None

    def forget(self) -> None:
        """Start all the records anew."""
        self.db.forget()
        self.seen.forget()
        self._loaded = len(self.clock.waits)

    @property
    def sleeps(self) -> list[float]:
        """Return the seconds of every sleep since the last `forget`."""
        return [wait.seconds for wait in self.clock.waits[self._loaded:]]

    # Decorators

    def decorate(self, decorator: str, function: Function,
                 called: str | None = None) -> Function:
        """Put one of the file's decorators on a function.

        `called` is the form with parentheses of a decorator that may be
        written either way; it costs advice.
        """
        apply = getattr(self.task, decorator)
        if called and not takes_an_argument(apply):
            self.advise(f"make it a plain decorator, @{decorator}, as the "
                        f"task has it, not @{called}")
            apply = self.call(apply)
        decorated = self.call(apply, function)
        return self.named(decorated, function.__name__)

    def connected(self, decorated: Function, name: str) -> Function:
        """Give a function that takes a connection one, as the file does."""
        if ("with_db_connection" in self.task
                and takes_an_argument(self.task.with_db_connection)):
            return self.named(self.call(self.task.with_db_connection,
                                        decorated), name)

        def call(*args: Any, **kwargs: Any) -> Any:
            with closing(sqlite3.connect("users.db")) as conn:
                return decorated(conn, *args, **kwargs)
        return self.named(call, name)

    def named(self, function: Function, name: str) -> Function:
        """Have messages call `function` by this name."""
        if not callable(function):
            raise Failure(f"the decorator gives {show(function)} in the place"
                          f" of {name}, not a function", call=name,
                          expected="a function", got=show(function))
        self._names.append((function, name))
        return function

    def name_call(self, function: Function, args: tuple[Any, ...],
                  kwargs: dict[str, Any]) -> str:
        for known, name in self._names:
            if known is function:
                return call_text(name, args, kwargs)
        return super().name_call(function, args, kwargs)

    def advise_wraps(self, decorated: Function, name: str) -> None:
        """Advise functools.wraps where the decorator has left it out."""
        if getattr(decorated, "__name__", None) != name:
            self.advise("put @functools.wraps(func) on the wrapper, so that "
                        "the decorated function keeps its name and docstring")

    def db_error(self, message: str) -> Exception:
        """Return an error as the file's database driver raises it."""
        if self.driver is None:
            return sqlite3.OperationalError(message)
        errors: Any = importlib.import_module(
            "mysql.connector" if self.driver == "mysql" else self.driver)
        error: Exception = errors.OperationalError(message)
        return error

    @property
    def db_error_type(self) -> type[Exception]:
        """Return what all errors of a statement have in common."""
        if self.driver is None:
            return sqlite3.OperationalError
        base: type[Exception] = type(self.db_error("")).mro()[2]
        return base

    @property
    def driver(self) -> str | None:
        """Return the MySQL driver that the file imports; None for SQLite."""
        source = (workspace() / self.file).read_text(errors="replace")
        return driver_of(source)

    # Context managers

    @property
    def mark(self) -> str:
        """Return how the file's driver marks a parameter in a query."""
        return "%s" if self.driver else "?"

    def make(self, construct: Function, kind: type, **wanted: Any) -> Any:
        """Build an object of one of the file's classes."""
        return self.inside(construct, kind, **wanted,
                           call=f"{getattr(kind, '__name__', kind)}(...)")

    def inside(self, function: Function, /, *args: Any, call: str,
               **kwargs: Any) -> Any:
        """Call a helper that runs the submission's code for `call`."""
        try:
            return function(*args, **kwargs)
        except Failure:
            raise
        except BaseException as error:
            raise self.raised(error, call) from error

    # Assertions

    def assertRows(self, expected: object, function: Function, /,
                   *args: Any, **kwargs: Any) -> None:
        """Check a row or list of rows; sqlite3.Row and dicts are rows too."""
        got = self.call(function, *args, **kwargs)
        self.assertGot(expected, plain(got),
                       self.name_call(function, args, kwargs))

    def assertLeftOpen(self, expected: int, after: str) -> None:
        """Check that something was opened, and how much is open still."""
        if not self.db.opened:
            raise Failure(f"{after} opens no connection to the database",
                          call=after, expected="one connection opened",
                          got="none opened")
        if self.db.left_open != expected:
            raise Failure(f"{after} leaves its database connection open",
                          call=after, expected="every connection closed",
                          got=f"{self.db.left_open} left open",
                          compared=(expected, self.db.left_open))

    def assertRaisesOn(self, error: type[BaseException] | None,
                       function: Function, /, *args: Any,
                       **kwargs: Any) -> BaseException:
        """Check that a call lets an error out, and return what comes out.

        Any error will do, since wrapping one is not hiding it; another
        type than the expected one is worth advice. None, which no suite
        writes but twins do, stands for no error.
        """
        call = self.name_call(function, args, kwargs)
        try:
            got = function(*args, **kwargs)
        except Failure:
            raise
        except Exception as raised:
            if error is None:
                raise self.raised(raised, call) from raised
            if not isinstance(raised, error):
                self.advise(f"let the original {error.__name__} out, not "
                            f"{describe(raised)}: callers look for it")
            return raised
        except BaseException as raised:
            raise self.raised(raised, call) from raised
        self._swallowed(call, error or Exception, got)

    def _swallowed(self, call: str, error: type[BaseException],
                   got: object) -> NoReturn:
        raise Failure(
            f"{call} hides the {error.__name__} that was raised and gives"
            f" {show(got)}: its caller takes that for success", call=call,
            expected=f"raises {error.__name__}", got=show(got))

    @contextmanager
    def assertLetsThrough(self, error: BaseException | None, call: str
                          ) -> Iterator[None]:
        """Check that `error`, raised in the block, leaves it."""
        try:
            yield
        except Failure:
            raise
        except Exception as raised:
            if error is None:
                raise self.raised(raised, call) from raised
            if raised is not error:
                self.advise(f"let the original {type(error).__name__} out, "
                            f"not {describe(raised)}: callers look for it")
            return
        self._swallowed(call, type(error) if error else Exception, None)


def takes_an_argument(function: Function) -> bool:
    """Tell whether a call with one positional argument can work."""
    try:
        inspect.signature(function).bind(None)
    except (TypeError, ValueError):
        return False
    return True
