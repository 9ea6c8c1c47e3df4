"""Grades a cohort on a Dask cluster, on any number of machines.

Submissions travel as bytes, not as paths; every worker grades behind walls
of its own. A worker that dies costs its submission a retry on another.
"""

from __future__ import annotations

import dataclasses
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

from grader.cohort import one, remote
from grader.cohort.crew import Graded, OpenCrew, Results
from grader.cohort.fingerprint import library_digest
from grader.cohort.pace import BEAT
from grader.cohort.worker import SECONDS_EACH, Job, tasks_of
from grader.errors import GraderError, UserError
from grader.grading.grading import Grader, Options
from grader.library.library import load_library
from grader.submission.submission import Submission
from grader.wall.tiers import TIERS

CONNECT_SECONDS = 20
# What all machines must have alike, and how much of a version that is.
_COMPARED = {"Python": 2, "distributed": 3}
_SAME = "install the same versions on every machine"

_opening = threading.Lock()


class DaskCrew(OpenCrew):
    """The workers of a cluster; `show` gets a line on what is waited for."""

    def __init__(self, address: str, options: Options,
                 show: Callable[[str], object] = lambda _: None) -> None:
        distributed = _distributed()
        try:
            with warnings.catch_warnings(action="ignore"):
                # Dask's own warning about versions is a table; `_agree` has
                # one line for it.
                self._client = distributed.Client(
                    address, timeout=CONNECT_SECONDS)
        except (OSError, ValueError) as error:
            raise UserError(f"no scheduler answers at {address}: {error}",
                            "start one with `dask scheduler`") from None
        try:
            self._tier = self._agree(options, show)
            self._prepare_scheduler()
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

    def _agree(self, options: Options, show: Callable[[str], object]) -> str:
        """Return the best tier that all workers have.

        Raises UserError where a machine has other versions than this one;
        nothing that only the same versions understand is sent before.
        """
        _refuse(differing(self._client.get_versions()))
        if not self._client.nthreads():
            show("Waiting for a worker ...")
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            raise UserError("the cluster has no workers",
                            "start some with `PYTHONSAFEPATH=1 dask worker "
                            "ADDRESS`"
                            ) from None
        _refuse(differing(self._client.get_versions()))
        show("Waiting for the workers to get ready ...")
        ours = library_digest(load_library(options.library), "")
        theirs = self._client.run(remote.version, options.library and
                                  str(options.library), on_error="return")
        _refuse(_difference(worker, reply) for worker, reply in theirs.items()
                if reply != ours)
        tiers: dict[str, str] = self._client.run(
            remote.run, remote.pack(_introduce, options))
        return max(tiers.values(), key=TIERS.index)

    def _prepare_scheduler(self) -> None:
        """Let the scheduler give up a submission whose worker dies twice."""
        try:
            self._client.run_on_scheduler(remote.allow_one_death)
        except Exception as error:
            raise UserError(f"the scheduler does not know the grader: {error}",
                            _SAME) from None

    def grade(self, jobs: Iterable[Job]) -> Results:
        """Grade jobs as they come, one a thread of the cluster at a time.

        Those whose workers died are graded once more at the end, each
        alone: a job that waits for another may share two of its deaths.
        """
        feed = iter(jobs)
        running: dict[Any, Job] = {}
        suspects: deque[Job] = deque()
        alone: Job | None = None
        finished = _distributed().as_completed(
            with_results=True, raise_errors=False)
        while True:
            due = [*self._next(feed, len(running))]
            if not due and not running:
                if not suspects:
                    return
                due = [alone := suspects.popleft()]
            for job in due:
                future = self._client.submit(
                    remote.run, remote.pack(grade_one, job.submission,
                                            self._options, job.tasks),
                    pure=False)
                running[future] = job
                self._since[job.submission.name] = time.monotonic()
                finished.add(future)
            if not _is_ready(finished):
                yield from self._late(running)
                yield None
                continue
            future, data = next(finished)
            if future not in running:
                # It was late, and is done all the same.
                continue
            job = running.pop(future)
            del self._since[job.submission.name]
            # Not future.status: the worker may have died since, and the
            # scheduler has what it held done again.
            if isinstance(data, dict):
                yield Graded(job, data)
                continue
            error = data[1] if isinstance(data, tuple) else data
            if job is not alone and _is_of_death(error):
                suspects.append(job)
            else:
                yield Graded(job, None, _why(error))

    def _late(self, running: dict[Any, Job]) -> Iterator[Graded]:
        """Give up what a worker neither grades nor dies of."""
        now = time.monotonic()
        for future, job in list(running.items()):
            if now - self._since[job.submission.name] > SECONDS_EACH:
                del running[future], self._since[job.submission.name]
                future.cancel()
                yield Graded(job, None, "it took too long")

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


def differing(versions: Mapping[str, Any]) -> Iterator[str]:
    """Yield which machines of a cluster have other versions than this one.

    `versions` are those that Dask knows, by machine.
    """
    ours = versions["client"]["packages"]
    machines = {"the scheduler": versions["scheduler"],
                **versions["workers"]}
    for machine, reply in machines.items():
        theirs = reply["packages"]
        for name, parts in _COMPARED.items():
            here, there = (_first(each.get(name.lower()), parts)
                           for each in (ours, theirs))
            if here != there:
                yield f"{machine} has {name} {there}, this machine {here}"


def _first(version: object, parts: int) -> str:
    return ".".join(str(version).split(".")[:parts])


def _refuse(differences: Iterable[str]) -> None:
    for difference in differences:
        raise UserError(difference, _SAME)


def grade_one(submission: Submission, options: Options,
              tasks: tuple[str, ...]) -> dict[str, Any]:
    """Grade one submission in this process, and return its data.

    It is tried once more where the walls fell: a worker lives longer.
    """
    grader = _grader(options)
    wanted = tasks_of(grader.library, tasks)
    try:
        return one.grade(grader, submission, wanted)
    except GraderError:
        _close(options, grader)
        return one.grade(_grader(options), submission, wanted)


class _Held(NamedTuple):
    """An open grader, and the thread that its walls fall with."""

    grader: Grader
    thread: ThreadPoolExecutor


_held: dict[Options, _Held] = {}


def _grader(options: Options) -> Grader:
    """Open this process's grader, once, for as long as its walls stand."""
    with _opening:
        if options not in _held:
            grader = Grader(load_library(options.library), options)
            thread = ThreadPoolExecutor(1)
            thread.submit(grader.__enter__).result()
            _held[options] = _Held(grader, thread)
        return _held[options].grader


def _close(options: Options, grader: Grader) -> None:
    """Close a grader, unless another thread has done so."""
    with _opening:
        if options in _held and _held[options].grader is grader:
            held = _held.pop(options)
            held.thread.submit(grader.__exit__).result()
            held.thread.shutdown()


def _difference(worker: str, reply: object) -> str:
    """Return the message on a worker whose library is not this one."""
    if isinstance(reply, UserError):
        return f"{worker}: {reply.what}"
    return (f"{worker} has another version of the library, of Python or of "
            "its tools")


def _introduce(options: Options) -> str:
    """Return, on a worker, the tier that it can do."""
    return _grader(options).tier


def _is_of_death(error: BaseException | None) -> bool:
    """Return whether a job failed since two of its workers died."""
    return type(error).__name__ == "KilledWorker"


def _why(error: BaseException) -> str:
    if _is_of_death(error):
        return "its worker died again and again"
    return f"{type(error).__name__}: {error}"


def _distributed() -> Any:
    try:
        import distributed
    except ImportError:
        raise UserError("--dask needs the package distributed",
                        "pip install 'fundamentals-grader[cluster]'"
                        ) from None
    return distributed
