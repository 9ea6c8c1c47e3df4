"""One run: forks the runner, ends it in time, and says how it ended.

The warden alone holds the status pipe, so what it says can be believed;
the results pipe belongs to the runner and cannot.
"""

from __future__ import annotations

import importlib
import os
import select
import shutil
import signal
import tempfile
from typing import Any, NoReturn

from grader.inside import jail, wire
from grader.inside.limits import Limits

JOBS = ("suite", "learnertests", "typecheck", "style", "forms")

RESULTS = 3
SCRATCH = "/scratch"


def watch(results: int, status: int, asked: int) -> NoReturn:
    """Run one job under its limits, report on `status`, and leave."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    request = wire.read_request(asked)
    limits = Limits(**request["limits"])
    private = request["tier"] == "full"
    scratch = SCRATCH if private else tempfile.mkdtemp(prefix="grade-")
    try:
        if private:
            jail.unshare_run(scratch, 2 * limits.file_mb)
        pid = os.fork()
        if pid == 0:
            os.close(status)
            _run(request, results, scratch, limits)
        os.close(results)
        said = _wait(pid, limits.wall_seconds)
    except BaseException as error:
        said = {"error": f"{type(error).__name__}: {error}"}
    finally:
        if not private:
            shutil.rmtree(scratch, ignore_errors=True)
    wire.write_line(status, said)
    os._exit(0)


def _wait(pid: int, seconds: float) -> wire.Message:
    pidfd = os.pidfd_open(pid)
    ready, _, _ = select.select([pidfd], [], [], seconds)
    if not ready:
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    try:
        # Where the run has no PID namespace, its group is the next best.
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    return {"timeout": not ready, "status": os.waitstatus_to_exitcode(status),
            "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss}


def _run(request: wire.Message, results: int, scratch: str,
         limits: Limits) -> NoReturn:
    """Become the runner: confined, with nothing but `results` open."""
    code = 70
    try:
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)
        os.dup2(results, RESULTS)
        os.chdir(scratch)
        os.environ.update(HOME=scratch, TMPDIR=scratch,
                          GRADE_WORKSPACE=scratch)
        tempfile.tempdir = scratch
        if request["tier"] == "none":
            jail.limit(limits)
        else:
            jail.confine(limits, scratch, readable=request["readable"])
        _work(request)
        code = 0
    except BaseException as error:
        wire.write_line(RESULTS, {"crash": f"{type(error).__name__}: "
                                           f"{error}"})
    finally:
        os._exit(code)


def _work(request: dict[str, Any]) -> None:
    assert request["job"] in JOBS
    job = importlib.import_module(f"grader.inside.{request['job']}")
    said = job.run(request)
    for message in [said] if isinstance(said, dict) else said:
        wire.write_line(RESULTS, message)
