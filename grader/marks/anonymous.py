"""Makes the results of a class anonymous."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

# Fields of a record that say who someone is, or where to find out.
_TELLING = ("learner", "source", "handed_in", "commit", "key", "older",
            "trouble", "absent")
# Of a task: what all of the same code have in common.
_ALIKE = ("likeness",)
# Shorter names would be found in words.
_SHORTEST = 3


def anonymous(records: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return records of "learner 1" and so on, in an order of their own.

    Names, ids and addresses are taken out of what was said of each one, and
    so is the quoted code. What a program printed is not looked into.
    """
    ordered = sorted(records, key=lambda record: hashlib.sha256(
        record["submission"].encode()).digest())
    wide = len(str(len(ordered)))
    others = _pattern({name for record in records for name in _names(record)})
    return [_nameless(record, f"learner {number:0{wide}}", others)
            for number, record in enumerate(ordered, 1)]


def _names(record: Mapping[str, Any]) -> set[str]:
    learner = record.get("learner", {})
    return {record["submission"], *(
        learner[field] for field in ("id", "name", "email")
        if field in learner)}


def _pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of these names, the longest first."""
    known = sorted({name for name in names if len(name) >= _SHORTEST},
                   key=lambda name: (-len(name), name))
    # The boundary stands before all of them, so that within a word no name
    # is tried.
    some = "|".join(map(re.escape, known)) or "(?!)"
    return re.compile(rf"(?<!\w)(?:{some})(?!\w)")


def _nameless(record: Mapping[str, Any], label: str,
              others: re.Pattern[str]) -> dict[str, Any]:
    names = _names(record)
    own = _pattern(names | {word for name in names
                            for word in re.split(r"[\s,/]+", name)})
    kept = {name: value for name, value in record.items()
            if name not in _TELLING}
    if mark := kept.get("mark"):
        kept["mark"] = {**mark, "notes": []}
    return kept | {"submission": label, "tasks": [
        {name: value for name, value in task.items() if name not in _ALIKE}
        | {"failures": [
            {name: value for name, value in failure.items()
             if name != "code"} | {"message": others.sub(
                 "another learner", own.sub(label, failure["message"]))}
            for failure in task["failures"]]}
        for task in record["tasks"]]}
