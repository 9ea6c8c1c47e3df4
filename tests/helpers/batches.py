"""Grades many answers in one submission, each alone in its folder.

Starting mypy and pycodestyle takes longer than reading an answer, and the
models run once for each submission. So a submission holds many answers,
also to one task: each lies in a copy of its folder, of a library that has
the folders that often.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from grader.grading.grading import Grader
from grader.grading.verdict import TaskVerdict
from grader.library.library import Library, Task
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission

# The tools have to read all answers of a submission in some seconds.
SIZE = 50

# The files that are handed in, by name.
Files = Mapping[str, str]


def copied(library: Library) -> Library:
    """Return a library with copies of the folders, for a grader."""
    return replace(library, folders=tuple(
        replace(folder, name=f"{number}-{folder.name}")
        for folder in library.folders for number in range(SIZE)))


def graded(grader: Grader,
           answers: Sequence[tuple[Task, Files]]) -> list[TaskVerdict]:
    """Grade answers by a grader of a copied library, in their order."""
    return [verdict for start in range(0, len(answers), SIZE)
            for verdict in _batch(grader, answers[start:start + SIZE])]


def _batch(grader: Grader, answers: Sequence[tuple[Task, Files]]
           ) -> Sequence[TaskVerdict]:
    # The same files to several tasks share a copy, and with it their runs.
    places: dict[object, str] = {}
    folders: dict[str, dict[str, SubmittedFile]] = {}
    tasks: list[Task] = []
    for task, files in answers:
        place = places.setdefault((task.folder, *sorted(files.items())),
                                  f"{len(places)}-{task.folder}")
        folders[place] = {
            name: SubmittedFile(content=text.encode(), executable=True)
            for name, text in files.items()}
        tasks.append(replace(task, folder=place))
    return grader.grade(Submission(name="answers", folders=folders),
                        tasks).tasks
