"""Shows the hints on a task one after the other, and remembers the next."""

from __future__ import annotations

import textwrap
from pathlib import Path

from grader.learner import progress
from grader.library.library import Task

WIDTH = 80


def next_hint(root: Path, task: Task) -> str:
    """Return the next hint, and note in the workspace that it was shown.

    After the last one it stays; where nothing can be noted it is always
    the first.
    """
    known = progress.load(root)
    at = min(max(known.hints.get(task.id, 0), 0), len(task.hints) - 1)
    known.hints[task.id] = at + 1
    more = "" if progress.keep(root, known) else " --all"
    last = f"That was the last one. The statement: grade show {task.short}"
    following = f"Still stuck? There is more: grade hint {task.short}{more}"
    return _text([*words(task, at), "",
                  last if at + 1 == len(task.hints) else following])


def every(task: Task) -> str:
    """Return all hints of a task."""
    return _text([line for at in range(len(task.hints))
                  for line in [*words(task, at), ""]][:-1])


def words(task: Task, at: int, width: int = WIDTH) -> list[str]:
    """Return a hint's lines; `at` counts from 0."""
    return [f"Hint {at + 1} of {len(task.hints)} for {task.file}", "",
            *textwrap.wrap(task.hints[at], width, initial_indent="  ",
                           subsequent_indent="  ")]


def _text(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"
