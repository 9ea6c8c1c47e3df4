"""Carries out the job of one run, in the process of that run.

`silence_streams` and `use_folder` prepare the process; `run_job` is called
last, within `exit_after`.
"""

from __future__ import annotations

import importlib
import os
import tempfile
from collections.abc import Callable
from typing import NoReturn

from grader.inside import wire
from grader.inside.preload import BY_JOB

# The descriptor to which a run writes its results.
RESULTS = 3
# EX_SOFTWARE of sysexits.h: the job itself raised an exception.
_TROUBLE = 70
# The key of a message on the exception that ended the run.
CRASH = "crash"


def silence_streams(given: int | None = None) -> None:
    """Connect standard input, output and error to /dev/null.

    The descriptors are replaced, so output of C libraries is dropped, too.
    Standard input becomes the descriptor `given`, if there is one.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    if given is not None:
        os.dup2(given, 0)


def use_folder(folder: str) -> None:
    """Make a folder the working folder, the home and the one for temporary
    files."""
    os.chdir(folder)
    os.environ.update(dict.fromkeys(
        ("HOME", "TMPDIR", "TEMP", "TMP", "GRADE_WORKSPACE"), folder))
    # The module has read TMPDIR already, before the fork.
    tempfile.tempdir = folder


def run_job(request: wire.Message) -> None:
    """Run the job named in a request, and write its messages to RESULTS."""
    assert request["job"] in BY_JOB
    job = importlib.import_module(BY_JOB[request["job"]][-1])
    answer = job.run(request)
    for message in [answer] if isinstance(answer, dict) else answer:
        wire.write_line(RESULTS, message)


def exit_after(act: Callable[[], None]) -> NoReturn:
    """Call `act` and end the process: status 0, or _TROUBLE if it raises."""
    code = _TROUBLE
    try:
        act()
        code = 0
    except BaseException as error:
        wire.write_line(RESULTS, {
            CRASH: f"{type(error).__name__}: {error}"})
    finally:
        # Not sys.exit: exit handlers and threads of the submission would
        # run on, after the last result is written.
        os._exit(code)
