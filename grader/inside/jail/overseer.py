"""The parent of all runs that have namespaces of their own.

The kernel ends such a run with all that it has started, and removes its
folder. So one process is enough for any number of runs: it starts them, stops
them in time, and reports their ends. Of the runs without namespaces each has
a parent for itself: see the module warden.
"""

from __future__ import annotations

import os
import selectors
import socket
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from grader.inside import wire
from grader.inside.jail import jail, runner
from grader.inside.limits import Limits

assert sys.platform != "win32" and sys.platform != "darwin"


@dataclass(frozen=True, kw_only=True)
class _Run:
    """A run that was started.

    `status` is the descriptor of its status pipe, `deadline` when it must
    end, as time.monotonic counts.
    """

    pid: int
    status: int
    deadline: float


class Overseer:
    """Starts a run for each request on a socket, until that is closed."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._runs: dict[int, _Run] = {}
        self._selector = selectors.DefaultSelector()

    def serve(self) -> None:
        """Return once the grader has closed the socket.

        Runs that are not over end with this process.
        """
        self._selector.register(self._socket, selectors.EVENT_READ)
        while True:
            for key, _ in self._selector.select(self._seconds_left()):
                if key.fileobj is not self._socket:
                    self._end(key.fd, None)
                elif (call := wire.receive(self._socket)) is None:
                    return
                else:
                    self._start(call)
            for pidfd in [pidfd for pidfd, run in self._runs.items()
                          if run.deadline <= time.monotonic()]:
                self._end(pidfd, "timeout")

    def _seconds_left(self) -> float | None:
        """Return the seconds to the first deadline, None without a run."""
        if not self._runs:
            return None
        return max(0.0, min(run.deadline for run in self._runs.values())
                   - time.monotonic())

    def _start(self, call: wire.Call) -> None:
        deadline = time.monotonic() + call.seconds
        try:
            pid = jail.fork_apart()
        except (OSError, jail.JailError) as error:
            call.close(but=call.status)
            _report(call.status, wire.set_up_failed(error))
            return
        if pid == 0:
            _become(call)
        call.close(but=call.status)
        pidfd = os.pidfd_open(pid)
        self._runs[pidfd] = _Run(pid=pid, status=call.status,
                                 deadline=deadline)
        self._selector.register(pidfd, selectors.EVENT_READ)

    def _end(self, pidfd: int, stopped: str | None) -> None:
        """Report the end of a run; `stopped` is why to kill it, or None."""
        run = self._runs.pop(pidfd)
        self._selector.unregister(pidfd)
        os.close(pidfd)
        _report(run.status, runner.reap(run.pid, stopped))


def _become(call: wire.Call) -> NoReturn:
    """Turn this fork into the run that a call asks for.

    It reports a set-up that fails on the status pipe. Later it cannot write
    there: confining it closes all descriptors but its own.
    """
    try:
        request = wire.read_request(call.request)
        limits = Limits(**request["limits"])
        jail.unshare_run(jail.SCRATCH, limits.disk_mb)
    except BaseException as error:
        wire.write_line(call.status, wire.set_up_failed(error))
        os._exit(1)
    runner.become(request, call.results, jail.SCRATCH, limits, call.given)


def _report(status: int, message: wire.Message) -> None:
    """Write the last message of a run, and close its pipe."""
    # The grader may have given the run up already.
    with suppress(OSError):
        wire.write_line(status, message)
    os.close(status)
