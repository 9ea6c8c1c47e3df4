"""Stand-ins for a worker's work, found by name in spawned processes."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import UserError
from tests.helpers import reports

# Each process imports all of this before it begins.
if TYPE_CHECKING:
    from grader.submission.submission import Submission


@dataclass(frozen=True)
class Bare:
    """The one option that these look at, importable in no time."""

    isolation: str


def pretend(log: Path, pipe: Connection, options: Bare) -> None:
    """Pass everything; the log counts the calls.

    A submission named "killer" kills its worker each time, one named
    "once" the first time.
    """
    pipe.send(("ready", "none"))
    while True:
        try:
            submission: Submission
            submission, _ = pipe.recv()
        except EOFError:
            return
        seen = note(log, submission.name)
        if submission.name == "killer" or (
                submission.name == "once" and seen == 1):
            os.kill(os.getpid(), signal.SIGKILL)
        pipe.send(("done", reports.report(
            reports.task(2), name=submission.name)))


def note(log: Path, name: str) -> int:
    """Write a name down and return how often it is there."""
    with log.open("a") as file:
        file.write(f"{name}\n")
    return log.read_text().splitlines().count(name)


def refuse(pipe: Connection, options: Bare) -> None:
    """Have no isolation."""
    pipe.send(("refused", (UserError, "no isolation", "do without")))


def die_at_once(pipe: Connection, options: Bare) -> None:
    """Never start."""
    os._exit(9)
