"""A run that is a process of its own from the start: no zygote, no fork.

Standard input brings the request as one line and then stays open for as
long as the grader lives. What the run has to say leaves by a private copy
of standard output; the first line is written before any code of the
submission's is there, and can be believed.
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
    """Run as: fresh; says that it is ready, or {"error": why}, then works.

    Ready it is with {"cpu": seconds}, the processor time that it took.
    """
    os.dup2(1, job.RESULTS, inheritable=False)
    request_fd = os.dup(0)
    job.silence_streams()
    try:
        request = _receive(request_fd)
        cpu = _prepare(request, request_fd)
    except BaseException as error:
        wire.write_line(job.RESULTS, {
            "error": f"{type(error).__name__}: {error}"})
        os._exit(1)
    wire.write_line(job.RESULTS, {"cpu": cpu})
    job.exit_after(lambda: job.run_job(request))


def _receive(request_fd: int) -> wire.Message:
    """Read the request, which is all that comes before a line's end."""
    text = b""
    while not text.endswith(b"\n"):
        part = os.read(request_fd, _PART)
        if not part:
            raise EOFError("the grader has hung up")
        text += part
    request: wire.Message = json.loads(text)
    return request


def _prepare(request: wire.Message, request_fd: int) -> float:
    """Do all that needs no trust, the limits last; return its seconds."""
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
    # What was imported is not the submission's time.
    spent = time.process_time()
    jail.limit(dataclasses.replace(
        limits, cpu_seconds=limits.cpu_seconds + spent))
    return spent


def _read_from(given: int | str) -> None:
    """Make a file standard input, by its descriptor here or its path."""
    if isinstance(given, str):
        given = os.open(given, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    os.dup2(given, 0)
    os.close(given)


def _wait_in_selectors() -> None:
    """Have event loops wait where the kit's clock sees them.

    That of Windows usually waits in a completion port.
    """
    if sys.platform == "win32":
        import asyncio

        setattr(asyncio, "DefaultEventLoopPolicy",
                asyncio.WindowsSelectorEventLoopPolicy)


def _end_with_grader(request_fd: int) -> None:
    """Leave once the grader is gone; no system call does that everywhere.

    Told of no thread of threading's, and older than any clock of the kit's.
    """
    os.read(request_fd, 1)
    os._exit(1)
