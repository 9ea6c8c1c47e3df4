"""Keeps a learner's progress, in a small file of the workspace.

`check` and `watch` note in it which tasks pass, and with what content, so
that `list` need not grade. A submission without it gets none from `check`:
grading leaves no traces in other people's folders.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.grading.verdict import PASS, TaskVerdict
from grader.library import locate
from grader.library.library import Library, Task
from grader.submission.submission import Submission, collect, read_file

STATE = locate.STATE
PASSED, CHANGED, STARTED, BLANK, MISSING = (
    "passes", "changed since it passed", "started", "to do",
    "not there")


@dataclass(kw_only=True)
class Progress:
    """Digests of the files that passed, and hints shown, by task id.

    `once` are the tasks that have passed at some time.
    """

    passed: dict[str, str] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)
    once: set[str] = field(default_factory=set)


def is_kept(root: Path) -> bool:
    """Return whether a folder keeps track of its learner's progress."""
    path = root / STATE
    return path.is_file() and not path.is_symlink()


def is_new(root: Path) -> bool:
    """Return whether nothing has been done in a workspace yet."""
    return is_kept(root) and load(root) == Progress()


def load(root: Path) -> Progress:
    """Read what is known; a file that makes no sense is no progress."""
    try:
        data = json.loads(read_file(root / STATE).content)
        passed = _entries(data["passed"], str)
        return Progress(passed=passed, hints=_entries(data["hints"], int),
                        once={*passed, *map(str, data.get("once", ()))})
    except (ValueError, KeyError, TypeError, RecursionError):
        return Progress()


def _entries(data: Any, kind: type) -> dict[str, Any]:
    return {str(key): value for key, value in dict(data).items()
            if type(value) is kind}


def save(root: Path, progress: Progress) -> None:
    """Replace the file at once; a link there is replaced, not followed."""
    text = json.dumps({"version": 1, "passed": progress.passed,
                       "hints": progress.hints,
                       "once": sorted(progress.once)}, indent=1) + "\n"
    fd, name = tempfile.mkstemp(dir=root, prefix=STATE)
    try:
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(name, 0o644)
        os.replace(name, root / STATE)
    except OSError:
        os.unlink(name)
        raise


def keep(root: Path, progress: Progress) -> bool:
    """Save progress where it is kept; return whether that could be done."""
    if not is_kept(root):
        return False
    try:
        save(root, progress)
    except OSError:
        return False
    return True


def note(root: Path, submission: Submission,
         verdicts: Iterable[TaskVerdict]) -> None:
    """Remember verdicts where progress is kept and can be written."""
    progress = load(root)
    for verdict in verdicts:
        if verdict.status == PASS:
            progress.passed[verdict.task.id] = digest(submission,
                                                      verdict.task)
            progress.once.add(verdict.task.id)
        else:
            progress.passed.pop(verdict.task.id, None)
    # A verdict is worth more than a note of it.
    keep(root, progress)


def digest(submission: Submission, task: Task) -> str:
    """Return what a task's file is recognised by; "" without one."""
    file = submission.file(task)
    if file is None or file.refused is not None:
        return ""
    return hashlib.sha256(file.content).hexdigest()[:16]


def status(progress: Progress, submission: Submission, task: Task) -> str:
    """Return how far a task is, without grading it."""
    now = digest(submission, task)
    if not now:
        return MISSING
    passed = progress.passed.get(task.id)
    if passed is not None:
        return (PASSED if passed == now or _still_there(submission, task)
                else CHANGED)
    return BLANK if submission.is_blank(task) else STARTED


def _still_there(submission: Submission, task: Task) -> bool:
    """Return whether a file of several tests still has those of a task.

    Such a file changes with every other task, which takes no pass away.
    """
    text = submission.text(task)
    return bool(task.methods) and all(
        re.search(rf"\b{re.escape(name)}\b", text)
        for method in task.methods for name in method.split("."))


def statuses(root: Path, library: Library) -> dict[str, str]:
    """Return how far every task of a workspace is, by id."""
    known, submission = load(root), collect(root, library)
    return {task.id: status(known, submission, task)
            for task in library.tasks}
