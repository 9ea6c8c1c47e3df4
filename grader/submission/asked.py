"""The files of a submission, as tools are asked about them."""

from __future__ import annotations

from grader.library.library import Library, Task
from grader.submission.submission import SubmittedFile, Submission
from grader.submission.wanted import is_module
from grader.tools.style import StyledFile
from grader.tools.typecheck import TypedFile


def is_there(submission: Submission, task: Task) -> bool:
    """Tell whether a task's file was handed in and could be read."""
    file = submission.file(task)
    return file is not None and file.refused is None


def file_id(task: Task) -> str:
    """Return the path of a task's file within a submission."""
    return f"{task.folder}/{task.file}"


def typed(library: Library, submission: Submission, task: Task) -> TypedFile:
    """Return a file whose types are to be judged by the model's."""
    model = library.root / task.folder / task.file
    return TypedFile(
        id=file_id(task), source=_file(submission, task).content,
        model=model.read_text(encoding="utf-8"), names=task.types.names,
        variants=task.types.variants, is_clean=task.types.clean,
        beside={path: content for path, content in submission.contents(
            task.folder).items() if is_module(path)})


def styled(submission: Submission, task: Task) -> StyledFile:
    """Return a file whose style is to be judged."""
    file = _file(submission, task)
    return StyledFile(id=file_id(task), source=file.content,
                      is_executable=file.executable,
                      is_program="/" not in task.file)


def _file(submission: Submission, task: Task) -> SubmittedFile:
    file = submission.file(task)
    assert file is not None
    return file
