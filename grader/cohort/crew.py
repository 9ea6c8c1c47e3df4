"""Runs the worker processes of a cohort, and replaces those that die.

They are spawned, never forked. One thread
gives each worker one submission at a time, so that no others are in memory.
"""

from __future__ import annotations

import dataclasses
import time
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from multiprocessing import connection
from typing import Any, NamedTuple, Protocol, Self

from grader.cohort.pace import BEAT
from grader.cohort.worker import Job, Serve, Worker, serve
from grader.errors import GraderError
from grader.grading.grading import Options

BURYING_SECONDS, CLOSING_SECONDS = 2.0, 1.0
MAX_DEATHS = 2
MAX_FALSE_STARTS = 3


class Graded(NamedTuple):
    """The result of a job: the JSON data of its report, or an error."""

    job: Job
    data: dict[str, Any] | None
    trouble: str = ""


# None says that nothing has come for a while.
Results = Generator[Graded | None, None, None]


class Crew(Protocol):
    """The workers that grade: processes of this machine or of a cluster."""

    @property
    def tier(self) -> str:
        """Return the isolation in force, the same for all."""

    def grade(self, jobs: Iterable[Job]) -> Results:
        """Grade jobs as they come, in any order, few at a time."""

    def running(self) -> Sequence[tuple[str, float]]:
        """Return the names of submissions being graded, with the seconds."""

    def close(self) -> None:
        """End all workers."""


class OpenCrew(Crew):
    """A crew that ends its workers at the end of a with block."""

    _tier: str

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    @property
    def tier(self) -> str:
        return self._tier


class LocalCrew(OpenCrew):
    """Processes of this machine."""

    def __init__(self, options: Options, count: int,
                 serve: Serve = serve) -> None:
        self._options, self._serve = options, serve
        self._count = max(1, count)
        self._workers: list[Worker] = []
        self._deaths: dict[str, int] = {}
        self._false_starts = 0
        self._retries: deque[Job] = deque()
        try:
            kind, answer = self._hire().receive()
            if kind != "ready":
                self._give_up(kind, answer)
        except BaseException:
            self.close()
            raise
        self._tier = str(answer)
        self._workers[0].is_ready = True
        # The tier that "auto" gave the first worker is asked of all others.
        self._options = dataclasses.replace(options, isolation=self._tier)

    def close(self) -> None:
        for worker in self._workers:
            worker.dismiss()
        end = time.monotonic() + CLOSING_SECONDS
        while self._workers:
            self._workers.pop().stop(max(0.0, end - time.monotonic()))

    def running(self) -> Sequence[tuple[str, float]]:
        return [(each.job.submission.name, each.seconds)
                for each in self._workers if each.job]

    def _hire(self) -> Worker:
        worker = Worker(self._serve, self._options)
        self._workers.append(worker)
        return worker

    def _give_up(self, kind: str, answer: Any) -> None:
        if kind == "refused":
            error, what, todo = answer
            raise error(what, todo)
        raise GraderError(f"a worker did not start: {answer}",
                          "run grade doctor")

    def grade(self, jobs: Iterable[Job]) -> Results:
        """Grade jobs as they come; give up a job whose worker dies twice.
        """
        feed = iter(jobs)
        while True:
            self._employ(feed)
            busy = [each for each in self._workers if each.job]
            if not busy:
                return
            ready = connection.wait([each.pipe for each in busy], BEAT)
            if not ready:
                yield None
            for worker in busy:
                if worker.pipe in ready:
                    yield from self._receive(worker)
                elif worker.is_late:
                    yield from self._bury(worker, "it took too long")

    def _employ(self, feed: Iterator[Job]) -> None:
        """Give every idle worker a job, while jobs are left."""
        while True:
            idle = next((each for each in self._workers if not each.job),
                        None)
            if idle is None and len(self._workers) >= self._count:
                return
            job = self._retries.popleft() if self._retries else next(
                feed, None)
            if job is None:
                return
            (idle or self._hire()).give(job)

    def _receive(self, worker: Worker) -> Iterator[Graded]:
        kind, answer = worker.receive()
        if kind == "refused":
            self._give_up(kind, answer)
        if kind == "ready":
            worker.is_ready, self._false_starts = True, 0
        elif kind in ("died", "trouble"):
            yield from self._bury(worker, answer)
        elif kind == "done":
            assert worker.job
            job, worker.job = worker.job, None
            self._deaths.pop(job.submission.name, None)
            yield Graded(job, answer)

    def _bury(self, worker: Worker, why: str) -> Iterator[Graded]:
        """Remove a dead worker; its job is tried again, but only once."""
        self._workers.remove(worker)
        # A worker that has sent its error is only closing its walls.
        patience = 0.0 if worker.is_late else BURYING_SECONDS
        job, worker.job = worker.job, None
        worker.stop(patience)
        assert job
        if not worker.is_ready:
            self._false_starts += 1
            if self._false_starts >= MAX_FALSE_STARTS:
                self._give_up("died", why)
            self._retries.append(job)
            return
        name = job.submission.name
        self._deaths[name] = self._deaths.get(name, 0) + 1
        if self._deaths[name] < MAX_DEATHS:
            self._retries.append(job)
        else:
            yield Graded(job, None, why)
