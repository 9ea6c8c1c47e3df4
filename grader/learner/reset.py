"""Resets a task's file to its starter, and can undo that once.

What was in it is kept in the workspace until the next reset.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path

from grader import files
from grader.errors import UserError
from grader.library.library import Library, Task
from grader.library.locate import folder_of
from grader.submission.submission import read_file

KEPT = ".grade.undo.json"
_RIGHT = "give yourself the right to write there"


def reset(root: Path, library: Library, task: Task) -> None:
    """Write the starter in place of a task's file, and keep that file.

    Raises UserError where there is none, or nothing can be written.
    """
    path = folder_of(root, task.folder, library.names) / task.file
    old = read_file(path)
    if old.refused is not None and path.exists():
        raise UserError(f"{task.file} {old.refused}", "replace it yourself")
    kept = {"folder": task.folder, "file": task.file,
            "content": base64.b64encode(old.content).decode()}
    try:
        files.write(root / KEPT, json.dumps(kept).encode())
        files.write(path, task.starter.encode(), executable=True)
    except OSError as error:
        raise files.unwritable(error, error.filename, _RIGHT) from None


def undo(root: Path, library: Library) -> Task:
    """Bring back what the last reset replaced; return its first task.

    What is there now is kept in its place, so that a second undo takes the
    first one back. Raises UserError where nothing is kept.
    """
    task, content = _kept(root, library)
    path = folder_of(root, task.folder, library.names) / task.file
    reset(root, library, task)
    try:
        files.write(path, content, executable=True)
    except OSError as error:
        raise files.unwritable(error, path, _RIGHT) from None
    return task


def _kept(root: Path, library: Library) -> tuple[Task, bytes]:
    try:
        data = json.loads(read_file(root / KEPT).content)
        content = base64.b64decode(data["content"])
        tasks = [task for task in library.tasks if (
            task.folder, task.file) == (data["folder"], data["file"])]
        return tasks[0], content
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise UserError("there is no reset to take back",
                        "a reset keeps what was there") from None
