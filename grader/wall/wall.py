"""The interface of a wall, behind which jobs with untrusted code are run."""

from __future__ import annotations

import os
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import IO, Any, Self

from grader.inside.learnertests.bodyserver import BodyServer
from grader.inside.limits import Limits
from grader.wall.outcome import Outcome

START_SECONDS = 60.0
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TZ", "TMPDIR",
                "TEMP", "TMP", "SYSTEMROOT")


class NoWall(Exception):
    """A wall of some tier cannot be put up; the text says why."""


class Wall(ABC):
    """Runs jobs, from any thread; a context manager.

    Making one raises NoWall where the tier does not work. Make it in a
    thread that lives as long as the wall, since the kernel ends it with
    that thread. `caution` is the warning that every report must carry, or
    empty.
    """

    tier: str
    caution: str

    @abstractmethod
    def wait_ready(self) -> None:
        """Wait until the wall can run jobs; raises NoWall."""

    @abstractmethod
    def run(self, job: str, request: dict[str, Any],
            limits: Limits = Limits(), *,
            file: IO[bytes] | None = None,
            bodies: BodyServer | None = None) -> Outcome:
        """Run one job in a process of its own and wait for its end.

        `job` is a key of grader.inside.preload.BY_JOB. The job can read
        `file`, with which it shares the position in the file; or it can
        call functions that `bodies` keeps, which stay out of its process
        where processes are forked. Raises GraderError.
        """

    @abstractmethod
    def close(self) -> None:
        """End the wall and all runs that are left in it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def answer(self, job: str, limits: Limits
               ) -> Callable[[dict[str, Any]], object]:
        """Return a function from a request to the one message of a run.

        It returns None where the run does not end by itself, or writes
        another number of messages.
        """
        def ask(request: dict[str, Any]) -> object:
            outcome = self.run(job, request, limits)
            if outcome.ended.cause or len(outcome.messages) != 1:
                return None
            return outcome.messages[0]
        return ask


def environment() -> dict[str, str]:
    """Return the variables that Python needs to start.

    The others stay out of runs, since some hold secrets.
    """
    return {name: os.environ[name] for name in _ENVIRONMENT
            if name in os.environ}
