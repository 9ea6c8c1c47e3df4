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
from typing import NoReturn

from grader.inside import wire

JOBS = ("suite", "typecheck", "style")


def watch(request: wire.Message, results: int, status: int) -> NoReturn:
    """Run one job under its limits, report on `status`, and leave."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code = 1
    scratch = request.get("scratch") or tempfile.mkdtemp(prefix="grade-")
    try:
        pid = os.fork()
        if pid == 0:
            os.close(status)
            _run(request, results, scratch)
        os.close(results)
        wire.write_line(status, _wait(pid, request["wall_seconds"]))
        code = 0
    except BaseException as error:
        wire.write_line(status, {"error": f"{type(error).__name__}: {error}"})
    finally:
        if not request.get("scratch"):
            shutil.rmtree(scratch, ignore_errors=True)
        os._exit(code)


def _wait(pid: int, seconds: float) -> wire.Message:
    pidfd = os.pidfd_open(pid)
    ready, _, _ = select.select([pidfd], [], [], seconds)
    if not ready:
        signal.pidfd_send_signal(pidfd, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    try:
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    return {"timeout": not ready, "status": os.waitstatus_to_exitcode(status),
            "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss}


def _run(request: wire.Message, results: int, scratch: str) -> NoReturn:
    """Become the runner: confined, with nothing but `results` open."""
    code = 70
    try:
        os.setsid()
        os.chdir(scratch)
        os.environ.update(HOME=scratch, TMPDIR=scratch,
                          GRADE_WORKSPACE=scratch)
        null = os.open(os.devnull, os.O_RDWR)
        for fd in (0, 1, 2):
            os.dup2(null, fd)

        assert request["job"] in JOBS
        job = importlib.import_module(f"grader.inside.{request['job']}")
        for message in job.run(request):
            wire.write_line(results, message)
        code = 0
    except BaseException as error:
        wire.write_line(results, {"crash": f"{type(error).__name__}: "
                                           f"{error}"})
    finally:
        os._exit(code)

