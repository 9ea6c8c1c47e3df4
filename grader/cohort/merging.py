"""Merges a new report on a submission into its earlier record.

Verdicts are merged task by task. Those that the new grading did not ask for
stay, and so do those that it could not judge.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from grader.cohort import ungraded
from grader.library.library import Task
from grader.marks.classbook import ADDED
from grader.report import records
from grader.report.records import Record
from grader.report.wording import Data, heading, max_points, points


def merged(old: Record | None, new: Data, key: str,
           course: Sequence[Task]) -> Record:
    """Return the record of a submission after a grading with that key.

    A verdict that was settled is replaced by a settled one only; where it
    stays instead, the record has the "trouble". Without any settled verdict
    in the new grading the record keeps the key that it has.
    """
    known = records.keys(old) if old else {}
    added = {name: task for name, task in records.by_task(new).items()
             if records.is_settled(task) or name not in known}
    held_back = [task for task in new["tasks"]
                 if heading(task) not in added]
    settled = [name for name, task in added.items()
               if records.is_settled(task)]
    found = (records.by_task(old) if old else {}) | added
    head, newest = (new, key) if settled or old is None else (
        old, old.get("key", ""))
    # What the class adds to a record is no part of a grading.
    head = {name: old[name] for name in ADDED if old and name in old} | {
        **head}
    record = _record(head, list(found.values()),
                     known | dict.fromkeys(settled, key), newest, course)
    if held_back:
        record["trouble"] = ungraded.why(held_back[0])
    return record


def restated(record: Record, key: str, course: Sequence[Task]) -> Record:
    """Return a record whose verdicts were found to be those of a key."""
    return _record(record, record["tasks"], records.keys(record), key,
                   course)


def without(record: Record, tasks: Collection[str],
            course: Sequence[Task]) -> Record:
    """Return a record without the verdicts on the tasks of these ids."""
    left = {name: task for name, task in records.by_task(record).items()
            if name not in tasks}
    keys = {name: key for name, key in records.keys(record).items()
            if name in left}
    return _record(record, list(left.values()), keys, record.get("key", ""),
                   course)


def _record(head: Data, tasks: Sequence[Record], keys: Mapping[str, str],
            newest: str, course: Sequence[Task]) -> Record:
    """Put a record together; `keys` are those of its settled verdicts."""
    places = {task.id: place for place, task in enumerate(course)}
    record = {name: value for name, value in head.items()
              if name not in ("older", "trouble")}
    record["tasks"] = sorted(tasks, key=lambda task: places.get(
        heading(task), len(places)))
    record["score"] = {"points": points(record), "max": max_points(record)}
    record["key"] = newest
    older = {name: key for name, key in keys.items() if key != newest}
    return record | ({"older": older} if older else {})
