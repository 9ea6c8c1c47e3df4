"""Writes a report for Exercism, GitHub Classroom and Gradescope."""

from __future__ import annotations

import base64
import json
from typing import Any

from grader.report import wording
from grader.report.wording import Data

# Exercism's limit is 65,535 characters, that of a variable of the
# environment 128 KiB on Linux.
_MAX_MESSAGE = 60_000
_MAX_VARIABLE = 120_000
# The lengths that messages are cut to, one after the other, until all fit.
_SHORTER = (_MAX_MESSAGE, 4_000, 1_000, 200, 40)


def exercism(data: Data) -> str:
    """Return Exercism's results.json, version 3, with one test a task.

    The status is "error" only if no task could be judged. There is no
    task_id: Exercism numbers the tasks of one exercise from 1.
    """
    return json.dumps(_results(data), indent=2, ensure_ascii=False) + "\n"


def classroom(data: Data) -> str:
    """Return the `result` that GitHub Classroom's reporter reads.

    It is base64 on one line. Classroom adds up the scores of the tests,
    so every test has one, and the reporter divides by their number. The
    reporter gets the result as a variable of the environment, so long
    messages are cut until it fits.
    """
    sizes = (_pack(data, longest) for longest in _SHORTER)
    return next(filter(_fits, sizes)) + "\n"


def _fits(packed: str) -> bool:
    return len(packed) <= _MAX_VARIABLE


def _pack(data: Data, longest: int) -> str:
    results = _results(data, longest)
    results["max_score"] = wording.max_points(data)
    for entry, task in zip(results["tests"], data["tasks"]):
        del entry["test_code"]
        entry |= {"filename": wording.path(task),
                  "line_no": wording.first_line(task),
                  "duration": task["seconds"],
                  "score": task["points"]}
    # ASCII, since some readers do not decode the bytes as UTF-8.
    packed = json.dumps(results, ensure_ascii=True).encode()
    return base64.b64encode(packed).decode()


def _results(data: Data, longest: int = _MAX_MESSAGE) -> dict[str, Any]:
    status = _status(data)
    results: dict[str, Any] = {"version": 3, "status": status}
    if "caution" in data:
        results["caution"] = data["caution"]
    if status == "error":
        results["message"] = wording.message(data["tasks"][0])[:longest]
    return results | {"tests": [_test(task, longest)
                                for task in data["tasks"]]}


def _status(data: Data) -> str:
    statuses = {task["status"] for task in data["tasks"]}
    return next(iter(statuses)) if len(statuses) == 1 else "fail"


def _test(task: Data, longest: int) -> dict[str, Any]:
    test = {"name": f"{wording.name(task)}: {task['title']}",
            "status": task["status"], "test_code": _code(task)[:longest]}
    if task["status"] != "pass":
        test["message"] = wording.message(task)[:longest]
    return test


def _code(task: Data) -> str:
    """Return, in place of a test's code, the calls that failed.

    Exercism shows the code of a test, but learners must not see the suites.
    """
    calls = [f"{each['call']}  # should be {each['expected']}"
             if each["expected"] else str(each["call"])
             for each in task["failures"] if each["call"]]
    return "\n".join(dict.fromkeys(calls)) or (
        f"# {task['folder']}/{task['file']}: {task['title']}")


def gradescope(data: Data) -> str:
    """Return Gradescope's results.json.

    Gradescope takes the score at the top, not the sum of the tests, so it
    is that sum. Each format is "text", so that no text of a submission is
    rendered as HTML or Markdown.
    """
    results = {
        "score": wording.points(data), "execution_time": data["seconds"],
        "output": wording.summary(data), "output_format": "text",
        "test_output_format": "text", "test_name_format": "text",
        "visibility": "visible", "stdout_visibility": "hidden",
        "tests": [_gradescope_test(task) for task in data["tasks"]],
        "extra_data": {"library": data["library"],
                       "isolation": data["isolation"],
                       "python": data.get("python")},
    }
    return json.dumps(results, indent=2, ensure_ascii=False) + "\n"


def _gradescope_test(task: Data) -> dict[str, Any]:
    return {
        "name": f"{wording.name(task)}: {task['title']}",
        "name_format": "text",
        "number": wording.heading(task), "score": task["points"],
        "max_score": task["max_points"],
        "status": "passed" if task["status"] == "pass" else "failed",
        "output": wording.remarks(task), "output_format": "text",
        "tags": [task["folder"]], "visibility": "visible",
    }
