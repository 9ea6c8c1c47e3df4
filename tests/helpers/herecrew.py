"""A crew that starts no process: `grade cohort` in the process of a test."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grader.cohort import one
from grader.cohort.crew import Graded, OpenCrew, Results
from grader.cohort.worker import Job, tasks_of
from grader.grading.grading import Grader, Options
from grader.library.library import load_library


class HereCrew(OpenCrew):
    """Takes the place of LocalCrew; grades one submission at a time."""

    def __init__(self, options: Options, count: int) -> None:
        self._library = load_library(options.library)
        self._grader = Grader(self._library, options).__enter__()
        self._tier = self._grader.tier

    def close(self) -> None:
        self._grader.__exit__()

    def running(self) -> Sequence[tuple[str, float]]:
        return []

    def grade(self, jobs: Iterable[Job]) -> Results:
        for job in jobs:
            yield Graded(job, one.grade(
                self._grader, job.submission,
                tasks_of(self._library, job.tasks)))
