"""Grades one submission of a cohort, and adds what likeness is found by.

Each task of the report gets "likeness": the form of its answer, and for a
file that is long enough its marks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.grading.grading import Grader
from grader.inside.likeness import forms, phrasing
from grader.inside.source import encode
from grader.library.library import Library, Task
from grader.report import records
from grader.report.report import as_data
from grader.submission.submission import Submission
from grader.terminal import safe
from grader.tools import tools
from grader.tools.tools import Lost, Tool

_FORM = re.compile(r"[0-9a-f]{16}")
# Whole marks of four bytes each, three of them as sixteen letters.
_MARKS = re.compile(r"(?:[A-Za-z0-9+/]{16}){0,53}"
                    r"(?:[A-Za-z0-9+/]{6}==|[A-Za-z0-9+/]{11}=)?")
_MOST = {"marks": forms.MOST_MARKS, "wording": phrasing.MOST_MARKS}


_LONGEST_LINE = 200


@dataclass(frozen=True, kw_only=True)
class LikenedFile:
    """One file of a submission; `tasks` are the methods of each, by id."""

    id: str
    source: bytes
    is_typed: bool
    tasks: Mapping[str, Sequence[str]]


Likeness = dict[str, dict[str, str]]


def grade(grader: Grader, submission: Submission,
          tasks: Sequence[Task]) -> dict[str, Any]:
    """Return the data of a report, with the likeness of every task."""
    data = as_data(grader.grade(submission, tasks))
    found = liken(files(grader.library, submission, tasks),
                  grader.tool("forms"))
    for task, entry in zip(tasks, data["tasks"]):
        if task.id in found:
            entry["likeness"] = found[task.id]
        _quote(entry, submission.text(task))
    return data


def _quote(entry: dict[str, Any], source: str) -> None:
    """Put the line that a failure is about beside it, as "code"."""
    lines = source.splitlines()
    for failure in entry["failures"]:
        if 0 < (failure["line"] or 0) <= len(lines):
            failure["code"] = safe(lines[failure["line"] - 1].rstrip(),
                                   _LONGEST_LINE)


def liken(wanted: Sequence[LikenedFile], tool: Tool) -> Likeness:
    """Return what the wall says of tasks, by id; what is lost is left out.
    """
    def query(some: Sequence[LikenedFile],
              seconds: int) -> dict[str, Likeness]:
        answer = tool.answer(request(some), seconds)
        return {file.id: read(answer, file) for file in some}

    reply = tools.survey(wanted, query, tool)
    return {task: likeness for each in reply.values()
            if not isinstance(each, Lost)
            for task, likeness in each.items()}


def files(library: Library, submission: Submission,
          tasks: Sequence[Task]) -> list[LikenedFile]:
    """Return every file that is there, with its tasks."""
    found: dict[str, list[Task]] = {}
    for task in tasks:
        if submission.has(task):
            found.setdefault(task.path, []).append(task)
    return [LikenedFile(
        id=id, source=submission.contents(some[0].folder)[some[0].file],
        is_typed="types" in library.folder(some[0].folder).dimensions,
        tasks={task.id: task.methods for task in some})
        for id, some in found.items()]


def request(wanted: Sequence[LikenedFile]) -> dict[str, Any]:
    """Return what the wall's forms job is asked."""
    return {"files": [{
        "id": file.id, "source": encode(file.source), "typed": file.is_typed,
        "tasks": {task: list(methods)
                  for task, methods in file.tasks.items()}}
        for file in wanted]}


def read(answer: object, wanted: LikenedFile) -> Likeness:
    """Read an untrusted answer; what makes no sense is left out."""
    reply = answer.get("files") if isinstance(answer, dict) else None
    reply = reply.get(wanted.id) if isinstance(reply, dict) else None
    return (_of_file(reply, list(wanted.tasks)) if isinstance(reply, dict)
            else {})


def _of_file(reply: dict[str, object],
             tasks: Sequence[str]) -> Likeness:
    known = reply.get("forms")
    if not isinstance(known, dict):
        return {}
    found = {task: {"form": known[task]} for task in tasks
             if _is(_FORM, known.get(task))}
    for name, most in _MOST.items():
        marks = reply.get(name)
        if found and marks and _is(_MARKS, marks) and 0 < len(
                records.marks(str(marks)) or b"") <= 4 * most:
            next(iter(found.values()))[name] = str(marks)
    return found


def _is(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))
