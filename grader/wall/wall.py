"""Any wall: what jobs are run behind, whatever it is made of."""

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
    """A wall of some tier cannot be put up; says why."""


class Wall(ABC):
    """Runs jobs; use as a context manager, from any thread.

    Raises NoWall where the tier cannot be had. Open it from a thread that
    lives as long as the wall. `caution` is what every report must say of
    it, or empty.
    """

    tier: str
    caution: str

    @abstractmethod
    def wait_ready(self) -> None:
        """Wait until it can run jobs; raises NoWall with its reason."""

    @abstractmethod
    def run(self, job: str, request: dict[str, Any],
            limits: Limits = Limits(), *,
            file: IO[bytes] | None = None,
            bodies: BodyServer | None = None) -> Outcome:
        """Run one job in a process of its own and wait for its end.

        The job can read `file`, open for reading here, and where in it
        reading goes on is the same for both; or it can ask `bodies`, which
        does not enter its process where processes are forked.
        """

    @abstractmethod
    def close(self) -> None:
        """Take the wall down, with whatever still runs in it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()

    def answer(self, job: str, limits: Limits
               ) -> Callable[[dict[str, Any]], object]:
        """Return a function that runs a job of one message.

        It returns None where the run did not come to its own end.
        """
        def ask(request: dict[str, Any]) -> object:
            outcome = self.run(job, request, limits)
            if outcome.ended.cause or len(outcome.messages) != 1:
                return None
            return outcome.messages[0]
        return ask


def environment() -> dict[str, str]:
    """Return what it takes to start; the rest may hold secrets."""
    return {name: os.environ[name] for name in _ENVIRONMENT
            if name in os.environ}
