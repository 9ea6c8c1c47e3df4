"""A worker process of a cohort, which grades one submission at a time.

`serve` runs in the process, `Worker` is the parent's end of it.
"""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from grader.cohort import one
from grader.errors import UserError
from grader.grading.grading import Grader, Options
from grader.library.library import Library, Task, load_library
from grader.submission.submission import Submission
from grader.wall.interpreter import safe_children

SECONDS_EACH = 900.0

Serve = Callable[[Connection, Options], None]


class Job(NamedTuple):
    """One submission to grade; `key` is that of its result.

    `tasks` are the ids of the tasks to grade it by.
    """

    submission: Submission
    key: str
    tasks: tuple[str, ...]


def tasks_of(library: Library, ids: Collection[str]) -> list[Task]:
    """Return the tasks of these ids, in the order of the course."""
    return [task for task in library.tasks if task.id in ids]


def serve(pipe: Connection, options: Options) -> None:
    """Grade what comes until the pipe ends.

    Sends ("ready", tier) first, or ("refused", error); then ("done", data)
    for each submission. An error while grading ends the process, for its
    walls may be down, and ("trouble", text) comes last.
    """
    # An interrupt is meant for the parent, whose end ends the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _hold_interrupts(False)
    try:
        _serve(pipe, options)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _serve(pipe: Connection, options: Options) -> None:
    with ExitStack() as stack:
        try:
            library = load_library(options.library)
            grader = stack.enter_context(Grader(library, options))
        except UserError as error:
            pipe.send(("refused", (type(error), error.what, error.todo)))
            return
        pipe.send(("ready", grader.tier))
        while True:
            submission: Submission
            submission, ids = pipe.recv()
            try:
                data = one.grade(grader, submission,
                                 tasks_of(library, ids))
            except Exception as error:
                pipe.send(("trouble", f"{type(error).__name__}: {error}"))
                return
            pipe.send(("done", data))


@contextmanager
def _no_interrupt() -> Iterator[None]:
    """Block SIGINT while a process is started, which inherits the block.

    The new process ignores it later, but not before Python runs there. In
    this process the signal is only delayed.
    """
    _hold_interrupts(True)
    try:
        yield
    finally:
        _hold_interrupts(False)


def _start_tracker() -> None:
    """Start the process that multiprocessing would start along with the
    first one, since it lets interrupts through as it does so.
    """
    if sys.platform != "win32":
        resource_tracker.ensure_running()


def _hold_interrupts(held: bool) -> None:
    # Windows has no masks of signals.
    if sys.platform != "win32":
        signal.pthread_sigmask(
            signal.SIG_BLOCK if held else signal.SIG_UNBLOCK,
            [signal.SIGINT])


class Worker:
    """One process that grades; `job` is what it works on, or None."""

    def __init__(self, serve: Serve, options: Options) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        # As a daemon it ends with this process, whatever ends that.
        self._process = context.Process(
            target=serve, args=(theirs, options), daemon=True)
        with safe_children():
            _start_tracker()
            with _no_interrupt():
                self._process.start()
        theirs.close()
        self.job: Job | None = None
        self.is_ready = False
        self._since = 0.0

    def give(self, job: Job) -> None:
        """Send a job; if the process is dead, `receive` reports it."""
        self.job, self._since = job, time.monotonic()
        try:
            self.pipe.send((job.submission, job.tasks))
        except OSError:
            pass

    def receive(self) -> tuple[str, Any]:
        """Return (kind, content) of its next message; waits for it.

        The kinds are "ready", "refused", "trouble" and "done", see `_serve`;
        ("died", why) stands for a process that has ended.
        """
        try:
            message: tuple[str, Any] = self.pipe.recv()
        except (EOFError, OSError):
            self._process.join(5)
            code = self._process.exitcode
            return "died", f"its process ended with status {code}"
        return message

    @property
    def seconds(self) -> float:
        """Return the time since it was given its job."""
        return time.monotonic() - self._since

    @property
    def is_late(self) -> bool:
        return self.job is not None and self.seconds > SECONDS_EACH

    def dismiss(self) -> None:
        """Let an idle process end; one that starts or works is killed.

        Its walls fall with it.
        """
        self.pipe.close()
        if self.job is not None or not self.is_ready:
            self._process.kill()

    def stop(self, seconds: float = 0.0) -> None:
        """Dismiss the process, and kill it if it does not end in time."""
        self.dismiss()
        self._process.join(seconds)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()
