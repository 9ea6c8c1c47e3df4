"""`grade watch` with a grader that puts up no wall and runs nothing.

For what has to do with keys, screens and signals: every file is wrong, and
the message says how long it is. Run it as a module; the words are those of
`grade watch`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Self

from grader import cli
from grader.grading.grading import Options
from grader.grading.verdict import Report, absent
from grader.library.library import Library, Task
from grader.submission.submission import Submission
from grader.watch import loop


class NoGrader:
    """What the watch asks of a Grader."""

    def __init__(self, library: Library, options: Options) -> None:
        self._library = library

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        pass

    def grade(self, submission: Submission, tasks: Sequence[Task]) -> Report:
        return Report(
            submission=submission.name, library="", isolation="none",
            seconds=0.0, tasks=tuple(absent(
                self._library.folder(task.folder), task, "wrong",
                f"it ends in line {len(submission.text(task).splitlines())}")
                for task in tasks))


def start(*words: str) -> int:
    setattr(loop, "Grader", NoGrader)
    return cli.main(["watch", *words])


if __name__ == "__main__":
    raise SystemExit(start(*sys.argv[1:]))
