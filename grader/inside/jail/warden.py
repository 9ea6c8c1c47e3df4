"""One run: forks the runner, ends it in time, and says how it ended.

The warden alone holds the status pipe, so what it says can be believed;
the results pipe belongs to the runner and cannot.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from typing import NoReturn

from grader.inside import job, wire
from grader.inside.jail import jail, runfolder
from grader.inside.limits import Limits

# Where FORKS of grader.wall.tiers says no, no warden is needed.
assert sys.platform != "win32" and sys.platform != "darwin"

SCRATCH = "/scratch"
# How often to look at a folder that no file system bounds: what a run can
# write in that time is what it can write beyond its bounds.
LOOK_SECONDS = 0.05
_NAP_SECONDS = 0.005


def watch(results: int, status: int, request_fd: int,
          given: int | None = None) -> NoReturn:
    """Run one job under its limits, report on `status`, and leave.

    The job finds the file `given`, if there is one, as standard input.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        answer = _run_in_folder(
            wire.read_request(request_fd), results, status, given)
    except BaseException as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    wire.write_line(status, answer)
    os._exit(0)


def _run_in_folder(request: wire.Message, results: int, status: int,
                   given: int | None) -> wire.Message:
    """Give the run a folder as its tier has it, and run it there."""
    limits = Limits(**request["limits"])
    if request["tier"] == "full":
        jail.unshare_run(SCRATCH, limits.disk_mb)
        pid = _fork_runner(request, SCRATCH, limits, results, status, given)
        return _wait(pid, limits, None)
    # Nothing but the warden ends the run there and takes its folder away.
    with runfolder.folder() as folder:
        pid = _fork_runner(request, folder, limits, results, status, given)
        return _wait(pid, limits, folder)


def _fork_runner(request: wire.Message, folder: str, limits: Limits,
                 results: int, status: int, given: int | None) -> int:
    """Fork the runner and leave it alone with the results."""
    pid = os.fork()
    if pid == 0:
        os.close(status)
        _become_runner(request, results, folder, limits, given)
    os.close(results)
    return pid


def _wait(pid: int, limits: Limits, folder: str | None) -> wire.Message:
    """Wait for the runner's end, or put one; look after `folder`."""
    stopped = _watch(pid, time.monotonic() + limits.wall_seconds,
                     folder, limits.disk_mb)
    if stopped:
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    try:
        # Where the run has no PID namespace, its group is the next best.
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    return {"stopped": stopped, "status": os.waitstatus_to_exitcode(status),
            "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss}


def _watch(pid: int, deadline: float, folder: str | None,
           megabytes: int) -> str | None:
    """Return why the runner is to be stopped, None once it has ended."""
    parent = os.getppid()
    while (left := deadline - time.monotonic()) > 0:
        if _has_ended(pid, min(left, LOOK_SECONDS) if folder else left):
            return None
        if folder and os.getppid() != parent:
            return "abandoned"
        if folder and runfolder.is_outgrown(folder, megabytes):
            return "output"
    return "timeout"


if sys.platform == "linux":
    def _has_ended(pid: int, seconds: float) -> bool:
        pidfd = os.pidfd_open(pid)
        try:
            return bool(select.select([pidfd], [], [], seconds)[0])
        finally:
            os.close(pidfd)
else:
    def _has_ended(pid: int, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            # It stays a zombie until wait4, so its id is not given to another.
            if os.waitid(os.P_PID, pid,
                         os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return True
            time.sleep(_NAP_SECONDS)
        return False


def _become_runner(request: wire.Message, results: int, folder: str,
                   limits: Limits, given: int | None) -> NoReturn:
    """Become the runner: confined, with nothing but `results` open."""
    def confined() -> None:
        job.silence_streams(given)
        os.dup2(results, job.RESULTS)
        job.use_folder(folder)
        if request["tier"] == "none":
            jail.limit(limits)
        else:
            jail.confine(limits, folder, readable=request["readable"],
                         hidden=request["hidden"])
        job.run_job(request)

    job.exit_after(confined)
