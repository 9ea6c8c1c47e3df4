"""A cohort on a Dask cluster: the same work, on machines of any number.

Submissions travel as bytes, not as paths; every worker grades behind walls
of its own. A worker that dies costs its submission a retry on another.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

from grader.cohort import likeness
from grader.cohort.crew import Graded, OpenCrew, Results
from grader.cohort.fingerprint import library_print
from grader.cohort.pace import BEAT
from grader.cohort.worker import Job, tasks_of
from grader.errors import UserError
from grader.grading import Grader, Options
from grader.isolation.tiers import TIERS
from grader.library import load_library
from grader.submission import Submission

CONNECT_SECONDS = 20

_opening = threading.Lock()


class DaskCrew(OpenCrew):
    """The workers of a cluster."""

    def __init__(self, address: str, options: Options) -> None:
        distributed = _distributed()
        try:
            self._client = distributed.Client(
                address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise UserError(f"no scheduler answers at {address}: {error}",
                            "start one with `dask scheduler`") from None
        try:
            self._tier = self._agree(options)
            # A second death of the same submission is the last one.
            self._client.run_on_scheduler(_allow_one_death)
        except BaseException:
            self.close()
            raise
        self._options = dataclasses.replace(options, isolation=self._tier)
        self._since: dict[str, float] = {}

    def close(self) -> None:
        self._client.close()

    def running(self) -> Sequence[tuple[str, float]]:
        now = time.monotonic()
        return [(name, now - since) for name, since in self._since.items()]

    def _agree(self, options: Options) -> str:
        """Return the best tier that all workers have."""
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise UserError("the cluster has no workers",
                            "start some with `dask worker ADDRESS`"
                            ) from None
        answers: dict[str, tuple[str, str]] = self._client.run(
            _introduce, options)
        ours = _library()
        for worker, (theirs, _) in answers.items():
            if theirs != ours:
                raise UserError(f"{worker} has another version of the library,"
                                " of Python or of its tools",
                                "install the same versions on every machine")
        return max((tier for _, tier in answers.values()), key=TIERS.index)

    def grade(self, jobs: Iterable[Job]) -> Results:
        """Grade jobs as they come, one a thread of the cluster at a time."""
        feed = iter(jobs)
        running: dict[Any, Job] = {}
        finished = _distributed().as_completed(
            with_results=True, raise_errors=False)
        while True:
            for job in self._next(feed, len(running)):
                future = self._client.submit(
                    grade_one, job.submission, self._options, job.tasks,
                    pure=False)
                running[future] = job
                self._since[job.submission.name] = time.monotonic()
                finished.add(future)
            if not running:
                return
            if not _is_ready(finished):
                yield None
                continue
            future, data = next(finished)
            job = running.pop(future)
            del self._since[job.submission.name]
            if future.status == "finished":
                yield Graded(job, data)
            else:
                yield Graded(job, None, _why(future.exception()))

    def _next(self, feed: Iterator[Job], running: int) -> Iterator[Job]:
        """Yield jobs for the threads that have none; one waits at most.

        All that a worker holds when it dies is suspected of the death, so
        nothing may queue up there.
        """
        while running < max(1, sum(self._client.nthreads().values())):
            job = next(feed, None)
            if job is None:
                return
            running += 1
            yield job


def _is_ready(finished: Any) -> bool:
    """Wait for a future to be done, no longer than a beat."""
    end = time.monotonic() + BEAT
    while not finished.has_ready() and time.monotonic() < end:
        time.sleep(0.05)
    return bool(finished.has_ready())


def grade_one(submission: Submission, options: Options,
              tasks: tuple[str, ...]) -> dict[str, Any]:
    """Grade one submission in this process, and return its data."""
    with _opening:
        grader = _grader(options)
    return likeness.grade(grader, submission,
                          tasks_of(grader.library, tasks))


@cache
def _grader(options: Options) -> Grader:
    """Open this process's grader, once, for as long as it lives."""
    library = load_library()
    # The walls fall with the thread that opened them, so it has its own.
    holder = ThreadPoolExecutor(1)
    grader = Grader(library, options)
    holder.submit(grader.__enter__).result()
    _keep.append(holder)
    return grader


_keep: list[ThreadPoolExecutor] = []


def _introduce(options: Options) -> tuple[str, str]:
    """Return, on a worker, the library it has and the tier it can do."""
    with _opening:
        tier = _grader(options).tier
    return _library(), tier


def _library() -> str:
    return library_print(load_library(), "")


def _allow_one_death(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = 1


def _why(error: BaseException) -> str:
    if type(error).__name__ == "KilledWorker":
        return "its worker died twice"
    return f"{type(error).__name__}: {error}"


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise UserError("--dask needs the package distributed",
                        "pip install 'fundamentals-grader[cluster]'"
                        ) from None
    return distributed
