"""The parent of one run without namespaces of its own.

It starts the run, stops it in time, reports its end and cleans up. The
zygote forks a warden for each run, and the warden forks the runner, which
confines itself and runs the submission's code. Only the warden holds the
status pipe, so the status can be believed; the results come from the runner
and cannot.
"""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from typing import NoReturn

from grader.inside import wire
from grader.inside.jail import runfolder, runner
from grader.inside.limits import Limits

# The systems that grader.wall.tiers.FORKS excludes have no warden.
assert sys.platform != "win32" and sys.platform != "darwin"

# Seconds between two looks at the run's folder, which is part of a larger
# file system. For this time at most a run can write beyond its limit.
LOOK_SECONDS = 0.05
_NAP_SECONDS = 0.005


def watch(call: wire.Call) -> NoReturn:
    """Run one job, write its end to the status pipe, and end this process.

    The message is that of runner.reap, or {"error": why} if the run could not
    be set up.
    """
    # The zygote ignores SIGCHLD, and children of a process that does so
    # cannot be waited for.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        answer = _run(wire.read_request(call.request), call)
    except BaseException as error:
        answer = wire.set_up_failed(error)
    wire.write_line(call.status, answer)
    os._exit(0)


def _run(request: wire.Message, call: wire.Call) -> wire.Message:
    """Start the run in a folder of its own; return the message on its end.

    Without namespaces the kernel neither kills what the run has started nor
    removes its folder, so both are done here.
    """
    limits = Limits(**request["limits"])
    with runfolder.folder() as folder:
        pid = os.fork()
        if pid == 0:
            os.close(call.status)
            runner.become(request, call.results, folder, limits, call.given)
        os.close(call.results)
        return _wait(pid, call.seconds, limits, folder)


def _wait(pid: int, seconds: float, limits: Limits,
          folder: str) -> wire.Message:
    """Wait for the runner's end or kill it in time; return the message."""
    stopped = _reason_to_kill(pid, time.monotonic() + seconds, folder,
                              limits.disk_mb)
    end = runner.reap(pid, stopped)
    try:
        # Reaches the processes that stayed in the runner's process group.
        os.killpg(pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    return end


def _reason_to_kill(pid: int, deadline: float, folder: str,
                    megabytes: int) -> str | None:
    """Wait until the runner has ended, or return why it must be killed.

    None is for a runner that has ended. The reason is "timeout", "output"
    for more than `megabytes` in its folder, or "abandoned" if the zygote is
    gone. The deadline is one of time.monotonic.
    """
    parent = os.getppid()
    while (left := deadline - time.monotonic()) > 0:
        if _has_ended(pid, min(left, LOOK_SECONDS)):
            return None
        if os.getppid() != parent:
            return "abandoned"
        if runfolder.is_outgrown(folder, megabytes):
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
