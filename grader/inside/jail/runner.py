"""The process of one run: confines itself, then runs the submission's code.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

from grader.inside import job, wire
from grader.inside.jail import jail
from grader.inside.limits import Limits

# The systems that grader.wall.tiers.FORKS excludes fork no runs.
assert sys.platform != "win32" and sys.platform != "darwin"


def become(request: wire.Message, results: int, folder: str, limits: Limits,
           given: int | None) -> NoReturn:
    """Turn this fork into the runner: confine it, run the job, end.

    `results` and `given` are descriptors: the messages go to `results`, and
    `given`, if there is one, becomes the standard input. `folder` is all that
    the job can write to.
    """
    def run_confined() -> None:
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

    job.exit_after(run_confined)


def reap(pid: int, stopped: str | None) -> wire.Message:
    """Wait for the end of a runner; return the message on it.

    `stopped` is the reason to kill it first, None for one that ends on its
    own; the message repeats it. In the message "status" is the exit status,
    negative for a signal, "cpu" is in seconds and "rss" in KiB.
    """
    if stopped:
        os.kill(pid, signal.SIGKILL)
    _, status, usage = os.wait4(pid, 0)
    return {"stopped": stopped, "status": os.waitstatus_to_exitcode(status),
            "cpu": usage.ru_utime + usage.ru_stime, "rss": usage.ru_maxrss}
