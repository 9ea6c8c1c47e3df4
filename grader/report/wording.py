"""The words about a task that several formats share.

They are made of the JSON data of a report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.findings.finding import where
from grader.library.library import short_name

Data = Mapping[str, Any]
_SHOWN_PRINTS = 5
_MOST_NAMED = 5


def few(found: Sequence[str], between: str = ", ") -> str:
    """Return the first few of many texts, and how many more there are."""
    more = len(found) - _MOST_NAMED
    shown = between.join(found[:_MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown


def heading(task: Data) -> str:
    """Return the short name of a task, such as "0x00/2"."""
    return f"{short_name(task['folder'])}/{task['number']}"


def name(task: Data) -> str:
    """Return the name of a task, with its file: "0x00/2 2-floor.py"."""
    return f"{heading(task)} {task['file']}"


def path(task: Data) -> str:
    """Return the path of a task's file within the submission."""
    return f"{task.get('found', task['folder'])}/{task['file']}"


def points(data: Data) -> float:
    """Return the sum of the tasks' points, as the services add it up."""
    return round(sum(float(task["points"]) for task in data["tasks"]), 6)


def max_points(data: Data) -> float:
    """Return the sum of the points possible."""
    return round(sum(float(task["max_points"]) for task in data["tasks"]), 6)


def message(task: Data) -> str:
    """Return all failures of a task, one after the other; never empty."""
    answer = [_paragraph(each) for each in task["failures"]]
    return "\n".join(answer) or f"{task['file']}: {task['status']}"


def remarks(task: Data) -> str:
    """Return all failures and advice of a task, or "" without any."""
    answer = [_paragraph(each) for each in task["failures"]]
    answer += [f"advice: {each}" for each in task["advice"]]
    return "\n".join(answer)


def first_line(task: Data) -> int:
    """Return the line of the first failure that names one, or 0."""
    return next((each["line"] for each in task["failures"]
                 if each["line"]), 0)


def summary(data: Data) -> str:
    """Return a line with passed tasks and points, and maybe a caution."""
    passed = sum(task["status"] == "pass" for task in data["tasks"])
    return (f"{passed} of {len(data['tasks'])} tasks pass, "
            f"{points(data):g} of {max_points(data):g} points; "
            f"{judged(data)}"
            + (f"\n{data['caution']}" if "caution" in data else ""))


def judged(data: Data) -> str:
    """Return the isolation and, if it is known, the version of Python."""
    # Results of earlier versions of the grader have no version of Python.
    python = f"; Python {data['python']}" if data.get("python") else ""
    return f"isolation {data['isolation']}{python}"


def _paragraph(failure: Data) -> str:
    return "\n".join(_parts(failure))


def located_message(failure: Data) -> str:
    """Return the message of a failure, with its dimension and its line."""
    prefix = "" if failure["dimension"] == "behaviour" else (
        f"{failure['dimension']}: ")
    at = where(failure["message"], failure["line"])
    return f"{prefix}{failure['message']}{f' ({at})' if at else ''}"


def _parts(failure: Data) -> Iterator[str]:
    yield located_message(failure)
    for line in failure.get("output", "").splitlines()[:_SHOWN_PRINTS]:
        yield f"printed: {line}"
    if failure["hint"]:
        yield f"hint: {failure['hint']}"
