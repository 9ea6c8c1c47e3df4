"""Reads class.toml, which says how a class turns points into marks.

Its keys are the fields of Scheme, and those of each table "override" the
fields of Override; `grade cohort --help` shows them all. A scheme may lack any
key. An override sets `points` for a task, or the whole `mark`, or another
`deadline`, and says who decided and why.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from grader.errors import UserError
from grader.library.library import Library

# What to do about a bad file, for its error.
_TODO = "grade cohort --help shows what a class.toml may say"
# An override sets exactly one of these.
_CHANGES = ("points", "mark", "deadline")
_NUMBER, _TEXT = (int, float), (str,)
# The types that the value of each key may have, and how a message names them.
_KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "deadline": ((datetime, date), "a date"),
    "grace_minutes": (_NUMBER, "a number"),
    "late_percent_a_day": (_NUMBER, "a number"),
    "late_percent_most": (_NUMBER, "a number"),
    "out_of": (_NUMBER, "a number"), "points": (_NUMBER, "a number"),
    "mark": (_NUMBER, "a number"), "bonus": ((list,), "a list of tasks"),
    "left_out": ((list,), "a list of tasks"),
    "weights": ((dict,), "a table"), "override": ((list,), "tables"),
    "learner": (_TEXT, "a text"), "task": (_TEXT, "a text"),
    "by": (_TEXT, "a text"), "why": (_TEXT, "a text")}


class _Wrong(ValueError):
    """A value or key in a class.toml is wrong; the text says which."""


@dataclass(frozen=True, kw_only=True)
class Override:
    """A decision of the staff about one learner, and its reason.

    `learner` is a name, login, email, id or submission; `by` is who decided.
    `task` is an id, "" where the whole mark or the deadline is set. Of
    `points`, `mark` and `deadline` one is not None.
    """

    learner: str
    by: str
    why: str
    task: str = ""
    points: float | None = None
    mark: float | None = None
    deadline: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Scheme:
    """How a class turns points into marks.

    `bonus`, `left_out` and `weights` name tasks by id. `out_of` is the
    highest mark, None for the sum of the points. The percents are of the
    mark. A deadline has a time zone.
    """

    deadline: datetime | None = None
    grace_minutes: float = 0.0
    late_percent_a_day: float = 0.0
    late_percent_most: float = 100.0
    out_of: float | None = None
    bonus: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    weights: Mapping[str, float] = field(default_factory=dict)
    override: tuple[Override, ...] = ()

    @property
    def needs_dates(self) -> bool:
        """Return whether a mark depends on when work was handed in."""
        return self.deadline is not None or any(
            each.deadline for each in self.override)


def load(path: Path, library: Library) -> Scheme:
    """Return the scheme in a file; raises UserError for a bad one."""
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
        return scheme(data, library)
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}",
                        "name another --class") from None
    except UserError as error:
        raise UserError(f"{path}: {error.what}", error.todo) from None
    except ValueError as error:
        raise UserError(f"{path}: {error}", _TODO) from None


def scheme(data: Mapping[str, Any], library: Library) -> Scheme:
    """Return the scheme in the data of a class.toml.

    Raises ValueError for bad keys and values, UserError for tasks that the
    library has not.
    """
    _check_keys(Scheme, data, "")
    found = dict(data)
    for key in ("bonus", "left_out"):
        found[key] = frozenset(
            task.id for task in library.select(_texts(found[key], key))
        ) if found.get(key) else frozenset()
    found["weights"] = _weights(found.get("weights", {}), library)
    found["override"] = tuple(
        _override(each, number, library) for number, each
        in enumerate(found.get("override", ()), 1))
    if "deadline" in found:
        found["deadline"] = _moment(found["deadline"])
    for key in ("grace_minutes", "late_percent_a_day", "late_percent_most",
                "out_of"):
        if found.get(key, 0) < 0:
            raise _Wrong(f"{key!r} should not be below 0")
    if found.get("out_of") == 0:
        raise _Wrong("'out_of' should be above 0")
    return Scheme(**found)


def _check_keys(kind: type, table: Any, where: str) -> None:
    """Raise _Wrong for a key of a table that is unknown or missing.

    Also for a value of another type than _KINDS says. `kind` is the class
    whose fields are the keys; `where` begins the message.
    """
    if not isinstance(table, dict):
        raise _Wrong(f"{where}should be a table")
    known = {each.name: each for each in fields(kind)}
    for key, value in table.items():
        if key not in known:
            close = get_close_matches(key, known, 1)
            raise _Wrong(f"{where}there is no key {key!r}" + (
                f", but {close[0]!r}" if close else ""))
        kinds, what = _KINDS[key]
        if type(value) not in kinds:
            raise _Wrong(f"{where}{key!r} should be {what}")
    for name, each in known.items():
        if name not in table and (
                each.default is each.default_factory is MISSING):
            raise _Wrong(f"{where}the key {name!r} is missing")


def _texts(value: list[Any], key: str) -> list[str]:
    """Return the list; raise _Wrong if it holds anything but texts."""
    if not all(isinstance(each, str) for each in value):
        raise _Wrong(f"{key!r} should be a list of tasks")
    return value


def _weights(table: Mapping[str, Any], library: Library) -> dict[str, float]:
    """Return weights by the task's id, from those of tasks and of folders.

    The weight of a task takes the place of its folder's.
    """
    found: dict[str, float] = {}
    # Folders first: only the selector of a task has a slash.
    for selector in sorted(table, key=lambda each: "/" in each):
        weight = table[selector]
        if type(weight) not in _NUMBER or weight < 0:
            raise _Wrong(f"the weight of {selector} should be a number")
        found |= {task.id: float(weight)
                  for task in library.select([selector])}
    return found


def _override(table: Any, number: int, library: Library) -> Override:
    """Return the override in a table, the `number`th, counted from 1."""
    where = f"override {number}: "
    _check_keys(Override, table, where)
    changes = [key for key in _CHANGES if key in table]
    if len(changes) != 1:
        raise _Wrong(f"{where}there should be one of"
                     f" {', '.join(_CHANGES)}")
    if ("task" in table) != ("points" in table):
        raise _Wrong(f"{where}'points' are those of a 'task'")
    if not all(table[key].strip() for key in ("learner", "by", "why")):
        raise _Wrong(f"{where}'learner', 'by' and 'why' should not be empty")
    found = dict(table)
    if "task" in found:
        tasks = library.select([found["task"]])
        if len(tasks) != 1:
            raise _Wrong(f"{where}{found['task']!r} is not one task")
        found["task"] = tasks[0].id
    if "deadline" in found:
        found["deadline"] = _moment(found["deadline"])
    return Override(**found)


def _moment(value: date | datetime) -> datetime:
    """Return a moment with a time zone, this machine's where it has none.

    A date stands for its last second.
    """
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(23, 59, 59))
    return value if value.tzinfo else value.astimezone()
