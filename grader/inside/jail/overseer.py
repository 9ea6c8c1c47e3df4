"""The parent of all runs that have namespaces of their own.

The kernel ends such a run with all that it has started, and removes its
folder, so one process can look after any number of runs: it starts them,
stops them in time, and reports their ends. Runs without namespaces have a
parent each: see the module warden.
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
    """A run: its process, the pipe for its end, and when it must end."""

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
            for key, _ in self._selector.select(self._left()):
                if key.fileobj is not self._socket:
                    self._end(key.fd, None)
                elif (call := wire.receive(self._socket)) is None:
                    return
                else:
                    self._start(call)
            for pidfd in [pidfd for pidfd, run in self._runs.items()
                          if run.deadline <= time.monotonic()]:
                self._end(pidfd, "timeout")

    def _left(self) -> float | None:
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
            _tell(call.status, _trouble(error))
            return
        if pid == 0:
            _run(call)
        call.close(but=call.status)
        pidfd = os.pidfd_open(pid)
        self._runs[pidfd] = _Run(pid=pid, status=call.status,
                                 deadline=deadline)
        self._selector.register(pidfd, selectors.EVENT_READ)

    def _end(self, pidfd: int, stopped: str | None) -> None:
        """Wait for a run, which is killed if it is to be stopped; report."""
        run = self._runs.pop(pidfd)
        self._selector.unregister(pidfd)
        os.close(pidfd)
        _tell(run.status, runner.reap(run.pid, stopped))


def _run(call: wire.Call) -> NoReturn:
    """Be the run that a call asks for.

    Until it is confined, which closes all descriptors but its own, it can
    write to the status pipe: that is where it tells of a set-up that fails.
    """
    try:
        request = wire.read_request(call.request)
        limits = Limits(**request["limits"])
        jail.unshare_run(jail.SCRATCH, limits.disk_mb)
    except BaseException as error:
        wire.write_line(call.status, _trouble(error))
        os._exit(1)
    runner.become(request, call.results, jail.SCRATCH, limits, call.given)


def _tell(status: int, message: wire.Message) -> None:
    """Write the last message of a run, and close its pipe."""
    # The grader may have given the run up already.
    with suppress(OSError):
        wire.write_line(status, message)
    os.close(status)


def _trouble(error: BaseException) -> wire.Message:
    return {"error": f"{type(error).__name__}: {error}"}
