"""One run in a newly started Python, for systems that cannot fork safely.

It is started by grader.wall.freshrun, and has no zygote and no warden.
Standard input brings the request as one line and then stays open for as
long as the grader lives. Results leave by a private copy of standard
output. The first line of them can be believed: it is written before any
code of the submission is loaded.
"""

from __future__ import annotations

import _thread
import dataclasses
import json
import os
import sys
import time
from typing import NoReturn

from grader.inside import job, preload, support, wire
from grader.inside.jail import jail
from grader.inside.limits import Limits

_PART = 1 << 16


def main(argv: list[str]) -> NoReturn:
    """Set the process up, write one line about that, and run the job.

    The line is {"cpu": seconds}, the processor time that the start took, or
    {"error": why}.
    """
    # Descriptor 1 is silenced next, so the results get a copy of it.
    os.dup2(1, job.RESULTS, inheritable=False)
    request_fd = os.dup(0)
    job.silence_streams()
    try:
        request = _receive(request_fd)
        cpu = _prepare(request, request_fd)
    except BaseException as error:
        wire.write_line(job.RESULTS, wire.set_up_failed(error))
        os._exit(1)
    wire.write_line(job.RESULTS, {"cpu": cpu})
    job.exit_after(lambda: job.run_job(request))


def _receive(request_fd: int) -> wire.Message:
    """Read the request, which is one line."""
    # The pipe stays open after the request, so its end is no sign.
    text = b""
    while not text.endswith(b"\n"):
        part = os.read(request_fd, _PART)
        if not part:
            raise EOFError("the grader has hung up")
        text += part
    request: wire.Message = json.loads(text)
    return request


def _prepare(request: wire.Message, request_fd: int) -> float:
    """Set up the process; return the seconds of processor time it took."""
    jail.prepare()
    for package in request["packages"]:
        support.install(package)
    preload.load([*preload.BY_JOB[request["job"]], *request["modules"]])
    if request["input"] is not None:
        _read_from(request["input"])
    _wait_in_selectors()
    job.use_folder(request["folder"])
    _thread.start_new_thread(_end_with_grader, (request_fd,))
    limits = Limits(**request["limits"])
    # The limit counts from the start of the process, so the time that the
    # imports took is added to it.
    spent = time.process_time()
    jail.limit(dataclasses.replace(
        limits, cpu_seconds=limits.cpu_seconds + spent))
    return spent


def _read_from(given: int | str) -> None:
    """Make a file standard input; it is a descriptor or a path."""
    if isinstance(given, str):
        given = os.open(given, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    os.dup2(given, 0)
    os.close(given)


def _wait_in_selectors() -> None:
    """Have event loops wait in a selector, which the virtual clock patches.

    On Windows they wait in a completion port otherwise.
    """
    if sys.platform == "win32":
        import asyncio

        setattr(asyncio, "DefaultEventLoopPolicy",
                asyncio.WindowsSelectorEventLoopPolicy)


def _end_with_grader(request_fd: int) -> None:
    """End the process once the grader is gone.

    PR_SET_PDEATHSIG would do so on Linux only. The thread is started with
    _thread, so that threading does not list it, and before the kit replaces
    the clock.
    """
    # Blocks until the other end of the pipe is closed.
    os.read(request_fd, 1)
    os._exit(1)
