"""The base class of suites for context managers of any constructor.

The task says neither what they are built from nor what `with` gives.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from types import ModuleType
from typing import Any

from alx import users_mysql
from alx.roles import role, roles
from alx.users_case import UsersCase
from alx.users_db import plain
from grader.kit.case import Function
from grader.kit.demo import Arguments, calls_of
from grader.kit.failure import Failure, Undecided
from grader.kit.transcript import looks

_SERVER: dict[str, Any] = {"host": "localhost", "port": 3306, "user": "root",
                           "password": "root", "database": "users"}
_DEFAULTS = {"config": _SERVER, "query": "SELECT * FROM users",
             "parameters": (), "database": "users.db"}
# Names of methods that learners give a way to read rows.
_READERS = ("fetchall", "fetch_all", "get_results", "get_result", "fetch",
            "execute", "execute_query", "run", "query", "run_query")
# Names of attributes or properties with results.
_RESULTS = ("results", "result", "rows", "data", "users", "_results",
            "_result", "_rows")
_HANDLES = ("connection", "conn", "cursor", *_RESULTS)


_SQL = re.compile(r"\s*(?:select|with|insert|update|delete)\b", re.I)
# What a class raises by itself, however it is called.
_OF_ITS_OWN = NameError, ImportError, RecursionError
_PLAIN = str, bytes, int, float, tuple, list, dict, type(None)


class ManagerCase(UsersCase):
    """A class for the with statement."""

    # The constructor whose parameters have names without a known role.
    guessed = ""

    @property
    def mark(self) -> str:
        """Return how the file's driver marks a parameter in a query."""
        return "%s" if self.driver else "?"

    @looks
    def printed(self) -> list[Any] | None:
        """Return the users that were printed, None if there are none."""
        text = self.seen.text()
        return [user for user in self.db.users
                if all(str(value) in text for value in user)] or None

    @looks
    def make(self, kind: Function, **wanted: Any) -> Any:
        """Build an object of one of the file's classes."""
        if not isinstance(kind, type):
            self.advise(f"make {getattr(kind, '__name__', 'it')} a class with"
                        " __enter__ and __exit__, as the task asks for")
        return self.inside(self.construct, kind, wanted,
                           call=f"{getattr(kind, '__name__', kind)}(...)")

    @looks
    def inside(self, function: Function, /, *args: Any, call: str,
               **kwargs: Any) -> Any:
        """Call a helper that runs the submission's code for `call`.

        Raises Undecided where a guess of ours may be what is wrong.
        """
        try:
            return super().inside(function, *args, call=call, **kwargs)
        except Failure as failure:
            if (not self.guessed or isinstance(failure, Undecided)
                    or isinstance(failure.__cause__, _OF_ITS_OWN)):
                raise
            raise Undecided(
                f"how {self.guessed} is to be called; use it at the end of "
                "the file, as the task asks, with plain values") from failure

    def construct(self, kind: Function, wanted: Mapping[str, Any]) -> Any:
        """Call a class as its file does, or by the roles of its parameters.

        `wanted` gives the values of the roles a call is about; parameters
        that have a default and no wanted role keep it. Raises Failure when
        a wanted role has no parameter.
        """
        name = getattr(kind, "__name__", "")
        for shown in calls_of(name, self.source, vars(self.task._module)):
            if call := _adapted(shown, wanted):
                return kind(*call.args, **call.kwargs)
        parameters = inspect.signature(kind).parameters
        known = roles(parameters, wanted)
        if any(role(each) is None for each in parameters):
            self.guessed = f"{name}({', '.join(parameters)})"
        if missing := set(wanted) - set(known.values()):
            raise _takes_no(kind, missing)
        kinds = {each.kind for each in parameters.values()}
        args: list[Any] = []
        named: dict[str, Any] = {}
        for name, each in parameters.items():
            if each.kind is each.VAR_POSITIONAL:
                args += self._several(known[name], wanted, bool(args))
            elif each.kind is each.VAR_KEYWORD:
                continue
            elif each.kind is each.POSITIONAL_ONLY or (
                    each.kind is each.POSITIONAL_OR_KEYWORD
                    and each.VAR_POSITIONAL in kinds):
                args.append(self._value(known[name], wanted, each.default))
            elif each.default is each.empty or known[name] in wanted:
                named[name] = self._value(known[name], wanted)
        return kind(*args, **named)

    def _value(self, what: str, wanted: Mapping[str, Any],
               default: object = inspect.Parameter.empty) -> Any:
        if default is not inspect.Parameter.empty and what not in wanted:
            return default
        if what == "connection":
            return users_mysql.connect(self.driver)
        if what == "config" and not self.driver:
            return {"database": _DEFAULTS["database"]}
        return {**_SERVER, **_DEFAULTS, **wanted}.get(what)

    def _several(self, what: str, wanted: Mapping[str, Any],
                 others: bool) -> list[Any]:
        """Return what goes into *args: the path, where nothing else does."""
        if what in wanted:
            return list(wanted[what])
        return [] if others or self.driver else [_DEFAULTS["database"]]


def _adapted(shown: Arguments,
             wanted: Mapping[str, Any]) -> Arguments | None:
    """Return a call with what is wanted in the place of what it shows.

    None is for a call that does not show where that goes, or that passes
    what may be used up by now, such as a connection.
    """
    left = dict(wanted)

    def adapted(value: Any) -> Any:
        is_query = isinstance(value, str) and _SQL.match(value)
        is_number = isinstance(value, (tuple, list, int, float))
        role = "query" if is_query else "parameters" if is_number else ""
        return left.pop(role, value)
    if not all(isinstance(value, (*_PLAIN, ModuleType)) for value in (
            *shown.args, *shown.kwargs.values())):
        return None
    args = tuple(map(adapted, shown.args))
    kwargs = {name: adapted(value) for name, value in shown.kwargs.items()}
    return None if left else Arguments(args, kwargs)


def _takes_no(kind: Function, missing: Iterable[str]) -> Failure:
    names = sorted(missing, reverse=True)
    name = getattr(kind, "__name__", "the class")
    return Failure(f"{name}(...) takes no {' and no '.join(names)}: its "
                   "constructor has no parameter for that",
                   call=f"{name}(...)", expected="a constructor that takes "
                   f"the {' and the '.join(names)}",
                   got=f"__init__{inspect.signature(kind)}")


def run_query(entered: Any, query: str) -> Any:
    """Return the rows of a query run on what a with statement gave."""
    for thing in _handles(entered):
        cursor = thing.cursor() if hasattr(thing, "cursor") else thing
        cursor.execute(query)
        return _listed(cursor.fetchall())
    for name in _READERS:
        if callable(method := getattr(entered, name, None)):
            return _listed(_rows_of(method(query)))
    return _listed(entered)


def rows_of(entered: Any) -> Any:
    """Return the rows in or behind what a with statement gave."""
    found = _rows_of(entered)
    if isinstance(found, (list, tuple)):
        return _listed(found)
    for kept in _kept_rows(entered):
        return _listed(kept)
    for name in _READERS:
        if callable(method := getattr(entered, name, None)):
            return _listed(_rows_of(method()))
    for handle in _handles(entered):
        if hasattr(handle, "fetchall"):
            return _listed(handle.fetchall())
    return found


def _listed(rows: Any) -> Any:
    # PyMySQL's fetchall returns a tuple.
    return plain(list(rows) if isinstance(rows, tuple) else rows)


def _rows_of(thing: Any) -> Any:
    if hasattr(thing, "fetchall"):
        return thing.fetchall()
    is_rows = (isinstance(thing, Iterable)
               and not isinstance(thing, (str, bytes, dict)))
    return list(thing) if is_rows else thing


def _kept_rows(thing: Any) -> Iterator[Any]:
    """Yield the lists that an object keeps, those named results first."""
    kept = {name: value for name, value in _kept(thing).items()
            if isinstance(value, (list, tuple))}
    yield from (kept[name] for name in _RESULTS if name in kept)
    yield from (value for name, value in kept.items()
                if isinstance(value, list) and role(name) != "parameters")


def _handles(thing: Any) -> list[Any]:
    """Return the connections and cursors that an object is or keeps."""
    several = thing if isinstance(thing, tuple) else (
        thing, *_kept(thing).values())
    return [each for each in several
            if callable(getattr(each, "cursor", None))
            or hasattr(each, "fetchall") and hasattr(each, "execute")]


def _kept(thing: Any) -> dict[str, Any]:
    kept = {name: getattr(thing, name, None) for name in _HANDLES}
    return kept | dict(getattr(thing, "__dict__", {}))
