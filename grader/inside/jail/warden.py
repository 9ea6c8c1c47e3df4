"""The parent of one run: starts it, stops it in time, reports its end.

The zygote forks a warden for each run, and the warden forks the runner,
which confines itself and runs the submission's code. Only the warden holds
the status pipe, so the status can be believed; the results come from the
runner and cannot.
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

# The systems that grader.wall.tiers.FORKS excludes have no warden.
assert sys.platform != "win32" and sys.platform != "darwin"

SCRATCH = "/scratch"
# Seconds between two looks at a folder that is not a small file system of
# its own. A run can write beyond its limit for that long.
LOOK_SECONDS = 0.05
_NAP_SECONDS = 0.005


def watch(results: int, status: int, request_fd: int,
          given: int | None = None) -> NoReturn:
    """Run one job, write how it ended to `status`, and end this process.

    The message is {"stopped", "status", "cpu", "rss"}, or {"error": why} if
    the run could not be set up. `given`, if there is one, becomes the
    standard input of the job.
    """
    # The zygote ignores SIGCHLD, and children of a process that does so
    # cannot be waited for.
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
    """Start the run in the kind of folder that its tier has; wait for it."""
    limits = Limits(**request["limits"])
    if request["tier"] == "full":
        jail.unshare_run(SCRATCH, limits.disk_mb)
        pid = _fork_runner(request, SCRATCH, limits, results, status, given)
        return _wait(pid, limits, None)
    # Without namespaces the kernel neither ends the run nor removes its
    # folder, so the warden does both.
    with runfolder.folder() as folder:
        pid = _fork_runner(request, folder, limits, results, status, given)
        return _wait(pid, limits, folder)


def _fork_runner(request: wire.Message, folder: str, limits: Limits,
                 results: int, status: int, given: int | None) -> int:
    """Fork the runner, which gets no status pipe; return its process id."""
    pid = os.fork()
    if pid == 0:
        os.close(status)
        _become_runner(request, results, folder, limits, given)
    os.close(results)
    return pid


def _wait(pid: int, limits: Limits, folder: str | None) -> wire.Message:
    """Wait for the runner's end or kill it in time; return the message.

    "stopped" is the reason it was killed for, None otherwise; "status" is
    its exit status, negative for a signal; "cpu" is in seconds.
    """
    stopped = _watch(pid, time.monotonic() + limits.wall_seconds,
                     folder, limits.disk_mb)
    if stopped:
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    try:
        # In a PID namespace all its processes are gone by now. Elsewhere
        # this reaches those that stayed in the runner's process group.
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    return {"stopped": stopped, "status": os.waitstatus_to_exitcode(status),
            "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss}


def _watch(pid: int, deadline: float, folder: str | None,
           megabytes: int) -> str | None:
    """Wait; return why the runner must be killed, None once it has ended.

    The reason is "timeout", "output" for too much in its folder, or
    "abandoned" if the zygote is gone.
    """
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
            # WNOWAIT: the process must stay a zombie until wait4, so that
            # no other process gets its id.
            if os.waitid(os.P_PID, pid,
                         os.WEXITED | os.WNOHANG | os.WNOWAIT):
                return True
            time.sleep(_NAP_SECONDS)
        return False


def _become_runner(request: wire.Message, results: int, folder: str,
                   limits: Limits, given: int | None) -> NoReturn:
    """Turn this fork into the runner: confine it and run the job."""
    def confined() -> None:
        # The descriptors and the folder first: once confined, the process
        # has no right to set them up.
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
