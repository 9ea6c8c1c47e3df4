"""The job of a run: where it is done, what does it, how it leaves."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Callable
from typing import NoReturn

from grader.inside import wire
from grader.inside.preload import BY_JOB

# The descriptor for what a run has to say.
RESULTS = 3
_TROUBLE = 70
# The key of a message on the exception that ended the run.
CRASH = "crash"


def silence_streams(given: int | None = None) -> None:
    """Let what is printed, past Python too, go nowhere.

    Nothing can be read either, but for the file `given`.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    if given is not None:
        os.dup2(given, 0)


def use_folder(folder: str) -> None:
    """Make a folder the one that everything is done and kept in."""
    os.chdir(folder)
    os.environ.update(dict.fromkeys(
        ("HOME", "TMPDIR", "TEMP", "TMP", "GRADE_WORKSPACE"), folder))
    tempfile.tempdir = folder


def run_job(request: wire.Message) -> None:
    """Do the job that is asked for, and write what it says."""
    assert request["job"] in BY_JOB
    job = importlib.import_module(BY_JOB[request["job"]][-1])
    answer = job.run(request)
    for message in [answer] if isinstance(answer, dict) else answer:
        wire.write_line(RESULTS, message)


def exit_after(act: Callable[[], None]) -> NoReturn:
    """End the process with what `act` comes to, and run nothing else."""
    code = _TROUBLE
    try:
        act()
        code = 0
    except BaseException as error:
        wire.write_line(RESULTS, {
            CRASH: f"{type(error).__name__}: {error}"})
    finally:
        os._exit(code)
