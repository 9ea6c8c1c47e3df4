"""Hints: a question first, then pointers; which is next is remembered."""

from __future__ import annotations

import textwrap
from pathlib import Path

from grader.learner import progress
from grader.library import Task

WIDTH = 80


def next_hint(root: Path, task: Task) -> str:
    """Return the next hint, and note in the workspace that it was shown.

    After the last one it stays; outside a workspace it is always the first.
    """
    known = progress.load(root)
    at = min(max(known.hints.get(task.id, 0), 0), len(task.hints) - 1)
    known.hints[task.id] = at + 1
    if progress.is_kept(root):
        try:
            progress.save(root, known)
        except OSError:
            pass  # It will be the same hint again.
    return "\n".join(words(task, at)) + "\n"


def words(task: Task, at: int) -> list[str]:
    """Return a hint's lines; `at` counts from 0."""
    total = len(task.hints)
    more = ("The last one; the statement: grade show " if at + 1 == total
            else "Still stuck? The next one: grade hint ")
    return [f"Hint {at + 1} of {total} for {task.file}", "",
            *textwrap.wrap(task.hints[at], WIDTH, initial_indent="  ",
                           subsequent_indent="  "),
            "", f"{more}{task.id}"]
