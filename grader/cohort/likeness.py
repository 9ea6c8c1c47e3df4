"""What the answers of a submission have in common with others, as data.

Each task of a report gets "likeness": the form of its answer and, once a
file that is long enough to mean something, its marks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from grader.asked import file_id, is_there
from grader.grading import Grader
from grader.inside.source import encode
from grader.library import Library, Task
from grader.report import as_data
from grader.submission import Submission

_FORM = re.compile(r"[0-9a-f]{16}")
# Whole marks of four bytes each, three of them as sixteen letters.
_MARKS = re.compile(r"(?:[A-Za-z0-9+/]{16}){0,21}"
                    r"(?:[A-Za-z0-9+/]{6}==|[A-Za-z0-9+/]{11}=)?")


def grade(grader: Grader, submission: Submission,
          tasks: Sequence[Task]) -> dict[str, Any]:
    """Return the data of a report, with the likeness of every task."""
    data = as_data(grader.grade(submission, tasks))
    asked = request(grader.library, submission, tasks)
    answer = grader.tool("forms")(asked) if asked["files"] else None
    found = read(answer, asked)
    for task, entry in zip(tasks, data["tasks"]):
        if task.id in found:
            entry["likeness"] = found[task.id]
    return data


def request(library: Library, submission: Submission,
            tasks: Sequence[Task]) -> dict[str, Any]:
    """Return what the wall is asked of every file that is there."""
    files: dict[str, dict[str, Any]] = {}
    for task in tasks:
        file = submission.file(task)
        if file is not None and is_there(submission, task):
            asked = files.setdefault(file_id(task), {
                "id": file_id(task), "source": encode(file.content),
                "typed": "types" in library.folder(task.folder).dimensions,
                "tasks": {}})
            asked["tasks"][task.id] = task.methods
    return {"files": list(files.values())}


def read(answer: object, asked: dict[str, Any]) -> dict[str, Any]:
    """Read an untrusted answer; what makes no sense is left out."""
    found: dict[str, Any] = {}
    files = answer.get("files") if isinstance(answer, dict) else None
    for each in asked["files"]:
        said = files.get(each["id"]) if isinstance(files, dict) else None
        if isinstance(said, dict):
            found |= _of_file(said, each["tasks"])
    return found


def _of_file(said: dict[str, object],
             tasks: Sequence[str]) -> dict[str, dict[str, str]]:
    forms, marks = said.get("forms"), said.get("marks")
    if not isinstance(forms, dict):
        return {}
    found = {task: {"form": forms[task]} for task in tasks
             if _is(_FORM, forms.get(task))}
    if found and marks and _is(_MARKS, marks):
        next(iter(found.values()))["marks"] = str(marks)
    return found


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))
