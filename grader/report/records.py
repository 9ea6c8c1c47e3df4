"""Reads one line of results.jsonl, and checks every value in it.

A record is the JSON data of a report on all tasks that were ever graded for
a submission, with what the next run needs to know:

    key      of the newest grading, see fingerprint.py
    older    the key of each verdict that is of an earlier state of the
             submission or of the library, by task
    source   where the submission lay, see names.py
    trouble  why the newest attempt could not judge it; its verdicts stay

and what a class adds to it, see grader.marks.classbook.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from grader.grading import verdict
from grader.report.wording import Data, heading

Record = dict[str, Any]
_Fits = Callable[[Any], bool]

# No file has more lines and no task more points; a browser could not tell
# numbers beyond 2 ** 53 apart.
_MOST = 1 << 40


def read(line: bytes) -> Record | None:
    """Return the record in a line, or None where there is none.

    The line may have been edited, torn or forged: what comes back has all
    that later steps look at, of the right kind.
    """
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return data if is_record(data) else None


def is_record(data: Any) -> bool:
    """Return whether data has what a record needs, of the right kind."""
    return _fits(data, _RECORD)


def is_settled(task: Data) -> bool:
    """Return whether a task was judged in all its dimensions."""
    return (task["status"] != verdict.ERROR
            and verdict.ERROR not in task["dimensions"].values())


def by_task(record: Data) -> dict[str, Record]:
    """Return the verdicts of a record by the ids of their tasks."""
    return {heading(task): task for task in record["tasks"]}


def keys(record: Data) -> dict[str, str]:
    """Return the key of every settled verdict by its task."""
    newest, older = record.get("key", ""), record.get("older", {})
    return {name: older.get(name, newest)
            for name, task in by_task(record).items() if is_settled(task)}


def marks(text: str) -> bytes | None:
    """Return the marks of a file, four bytes each, or None for nonsense."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return None if len(found) % 4 else found


def _fits(value: Any, shape: Mapping[str, _Fits]) -> bool:
    return isinstance(value, dict) and all(
        fits(value.get(name)) for name, fits in shape.items())


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _number(value: Any) -> bool:
    # In this order: a huge int has no float to be asked about.
    return _whole(value) or (type(value) is float and math.isfinite(value)
                             and abs(value) < _MOST)


def _whole(value: Any) -> bool:
    return type(value) is int and abs(value) < _MOST


def _status(value: Any) -> bool:
    return value in (verdict.PASS, verdict.FAIL, verdict.ERROR)


def _map(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_text, value.values()))


def _likeness(value: Any) -> bool:
    return _map(value) and all(marks(value.get(name, "")) is not None
                               for name in ("marks", "wording"))


def _all(shape: Mapping[str, _Fits]) -> _Fits:
    return lambda value: isinstance(value, list) and all(
        _fits(each, shape) for each in value)


def _maybe(fits: _Fits) -> _Fits:
    return lambda value: value is None or fits(value)


_FAILURE = {"dimension": _text, "check": _text, "cause": _text,
            "message": _text, "line": _maybe(_whole),
            "code": _maybe(_text)}
_TASK = {"folder": _text, "number": _whole, "file": _text, "title": _text,
         "status": _status, "points": _number, "max_points": _number,
         "seconds": _number, "dimensions": _map,
         "failures": _all(_FAILURE), "likeness": _maybe(_likeness)}
_MARK = {"points": _maybe(_number), "max": _number,
         "notes": lambda value: isinstance(value, list) and all(
             map(_text, value))}
_SCORE = {"points": _number, "max": _number}
_RECORD: Mapping[str, _Fits] = {
    "submission": _text, "isolation": _text, "python": _maybe(_text),
    "seconds": _number,
    "score": lambda value: _fits(value, _SCORE), "tasks": _all(_TASK),
    "key": _maybe(_text), "older": _maybe(_map), "source": _maybe(_text),
    "trouble": _maybe(_text), "caution": _maybe(_text),
    "learner": _maybe(_map), "handed_in": _maybe(_text),
    "commit": _maybe(_text),
    "mark": _maybe(lambda value: _fits(value, _MARK))}
