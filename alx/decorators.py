"""The base class of suites for decorators of functions on users.db."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, nullcontext, suppress
from typing import Any

from alx import users_mysql
from alx.users_case import UsersCase
from grader.kit.case import Function, Subject
from grader.kit.failure import Failure
from grader.kit.scratch import workspace
from grader.kit.transcript import looks
from grader.kit.values import show

CONNECTED = "with_db_connection"
# The name of a file of the folder in a string, as __import__ needs it.
_SIBLING = re.compile(r"""["']([1-3]-[a-z_]+)(?:\.py)?["']""")


class DecoratorCase(UsersCase):
    """A decorator, which is applied to functions of the suite."""

    def decorate(self, decorator: str, function: Function,
                 called: str | None = None) -> Function:
        """Apply one of the file's decorators to a function.

        `called` is the form with parentheses of a decorator that may be
        written either way; it costs advice.
        """
        return self.named(self._decorated(decorator, function, called),
                          function.__name__)

    @looks
    def _decorated(self, decorator: str, function: Function,
                   called: str | None) -> Function:
        apply = getattr(self.task, decorator)
        if takes_an_argument(apply):
            made = self.put(apply, function)
            if wraps(made, function) or not self._calls(decorator):
                return made
        if called is None:
            raise self._not_plain(decorator)
        self.advise(f"make it a plain decorator, @{decorator}, as the task "
                    f"has it, not @{called}")
        return self.put(self.call(apply), function)

    def put(self, decorator: Function, function: Function) -> Function:
        """Apply a decorator, given as an object, to a function."""
        return self.named(self._put(decorator, function), function.__name__)

    @looks
    def _put(self, decorator: Function, function: Function) -> Function:
        name = function.__name__
        # Python's own messages show it: as if the file had defined it.
        function.__qualname__ = name
        made = self.call(decorator, function)
        if not callable(made):
            raise Failure(f"the decorator gives {show(made)} in the place of "
                          f"{name}, not a function", call=name,
                          expected="a function", got=show(made))
        if getattr(made, "__name__", None) != name:
            self.advise("put @functools.wraps(func) on the wrapper, so that "
                        "the decorated function keeps its name and docstring")
        decorated: Function = self.named(made, name)
        return decorated

    def _calls(self, decorator: str) -> bool:
        """Return whether the file has the decorator with parentheses only."""
        source = (workspace() / self.file).read_bytes()
        used = [each for node in ast.walk(ast.parse(source))
                if isinstance(node, ast.FunctionDef)
                for each in node.decorator_list
                if ast.unparse(each).partition("(")[0] == decorator]
        return bool(used) and all(isinstance(e, ast.Call) for e in used)

    def _not_plain(self, decorator: str) -> Failure:
        return Failure(
            f"{decorator}(func) should return the decorated function: here "
            f"{decorator} wants parentheses, and the task has it plain, "
            f"@{decorator}", call=f"{decorator}(func)",
            expected=f"@{decorator}", got=f"@{decorator}(...)")

    # Connections

    def connected(self, decorated: Function, name: str,
                  names: Sequence[str] = ()) -> Function:
        """Give a function the connection that comes first.

        It is the suite's: the file's with_db_connection belongs to another
        task. Where that passes the connection by keyword, so does this one,
        and the arguments with `names` too.
        """
        by_keyword = self.advise_on_connecting() == "conn"

        def call(*args: Any, **kwargs: Any) -> Any:
            with closing(users_mysql.connect(self.driver)) as conn:
                if by_keyword:
                    kwargs |= dict(zip(names, args))
                    rest = args[len(names):]
                    with suppress(TypeError) if rest else nullcontext():
                        return decorated(*rest, conn=conn, **kwargs)
                return decorated(conn, *args, **kwargs)
        return self.named(call, name)

    def advise_on_connecting(self) -> str | None:
        """Remark on the file's with_db_connection; see how_connected."""
        how = self.how_connected()
        if how:
            self.advise(f"have {CONNECTED} pass the connection first: by "
                        "keyword it leaves no room for positional arguments")
        return how

    def connected_here(self, decorated: Function, name: str) -> Function:
        """Apply the file's own with_db_connection where it works."""
        if self.how_connected() is None:
            return self.connected(decorated, name)
        made: Function = self.see(
            lambda: getattr(self.task, CONNECTED)(decorated))
        return self.named(made, name)

    @looks
    def how_connected(self) -> str | None:
        """Return how the file's with_db_connection passes the connection.

        That is "" for first, and the keyword otherwise. None is for one
        that is not there, does not work or hides errors.
        """
        places: list[str] = []

        def probe(*args: Any, **kwargs: Any) -> None:
            places.extend(["" for arg in args if self.db.gave(arg)]
                          or [name for name, value in kwargs.items()
                              if self.db.gave(value)])
            raise self.db_error("a query that fails")
        if CONNECTED not in self.task:
            return None
        raised = self.attempt(lambda: getattr(self.task, CONNECTED)(probe)())
        self.forget()
        if places and raised is None:
            self.advise(f"let errors of the database out of {CONNECTED}: its "
                        "caller takes the None in their place for a result")
        return places[0] if places and raised else None

    def db_error(self, message: str) -> Exception:
        """Return an error as the file's database driver raises it."""
        return users_mysql.operational_error(self.driver)(message)

    @looks
    def db_error_name(self) -> str:
        """Return the name of the error that `db_error` makes."""
        return users_mysql.operational_error(self.driver).__name__

    @looks
    def any_db_error_name(self) -> str:
        """Return the name that all errors of a statement have in common."""
        return users_mysql.any_error(self.driver).__name__

    # Siblings

    def load_task(self) -> Subject:
        """Load the file; advise where a sibling was replaced."""
        task = super().load_task()
        for name in self.siblings:
            self.advise(f"{name}.py is not there or does not work: here ours "
                        "takes its place")
        return task

    def remedies(self, failure: Failure) -> Iterator[str]:
        """Add one: a stand-in for a sibling that may be wrong."""
        yield from super().remedies(failure)
        names = sorted(set(_SIBLING.findall(self.source))
                       - {self.file.removesuffix(".py")})
        if names and not self.siblings:
            self.siblings = dict.fromkeys(names, self._stand_in())
            yield "siblings"

    def _stand_in(self) -> Mapping[str, Any]:
        def with_db_connection(func: Function) -> Function:
            def wrapper(*args: Any, **kwargs: Any) -> Any:
                with closing(users_mysql.connect(self.driver)) as conn:
                    return func(conn, *args, **kwargs)
            return wrapper
        return {CONNECTED: with_db_connection}


def takes_an_argument(function: Function) -> bool:
    """Return whether a call with one positional argument can work."""
    try:
        inspect.signature(function).bind(None)
    except (TypeError, ValueError):
        return False
    return True


def wraps(decorated: Function, function: Function) -> bool:
    """Return whether functools.wraps says that one is around the other."""
    return getattr(decorated, "__wrapped__", None) is function
