"""Messages between the grader and the processes inside the wall.

The grader asks for a run by a Call on a socket. A request and all answers are
lines of JSON. pickle is not used: reading it can run code, and one end of
each pipe is in reach of the submission.
"""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
from dataclasses import dataclass
from typing import Any

Message = dict[str, Any]
# The bytes of a call, which its descriptors are sent with: its seconds.
_HEAD = struct.Struct("=d")
# Results, status, request and, for some jobs, a file to be read.
_FDS = 4
_NO_FDS = "descriptors cannot be handed over on Windows"


@dataclass(frozen=True, kw_only=True)
class Call:
    """What the zygote needs to start one run.

    All but `seconds`, the limit on the clock, are descriptors of pipes and
    files: `results` and `status` are written to, `request` is read, and
    `given`, if there is one, becomes the standard input.
    """

    seconds: float
    results: int
    status: int
    request: int
    given: int | None = None

    @property
    def descriptors(self) -> list[int]:
        """Return all descriptors but a missing `given`, as receive has them.
        """
        return [self.results, self.status, self.request,
                *([] if self.given is None else [self.given])]

    def close(self, but: int | None = None) -> None:
        """Close the descriptors in this process, all `but` one."""
        for fd in self.descriptors:
            if fd != but:
                os.close(fd)


def send(sock: socket.socket, call: Call) -> None:
    """Ask the zygote for one run."""
    if sys.platform == "win32":
        raise OSError(_NO_FDS)
    socket.send_fds(sock, [_HEAD.pack(call.seconds)], call.descriptors)


def receive(sock: socket.socket) -> Call | None:
    """Return the next call, None once the grader is gone.

    The request is not read here but by the run: what the zygote has read
    would lie in the memory of every later run.
    """
    if sys.platform == "win32":
        raise OSError(_NO_FDS)
    head, fds, _, _ = socket.recv_fds(sock, _HEAD.size, _FDS)
    if not head:
        return None
    return Call(seconds=_HEAD.unpack(head)[0], results=fds[0], status=fds[1],
                request=fds[2], given=fds[3] if len(fds) > 3 else None)


def read_request(fd: int) -> Message:
    """Return the request of a run, read to the end of its pipe; close it.

    Raises ValueError for what is no JSON.
    """
    with open(fd, "rb") as pipe:
        message: Message = json.load(pipe)
    return message


def set_up_failed(error: BaseException) -> Message:
    """Return the message on the end of a run that could not be set up."""
    return {"error": f"{type(error).__name__}: {error}"}


def write_line(fd: int, message: Message) -> None:
    """Write one message to a pipe; waits while the pipe is full."""
    line = memoryview(json.dumps(message).encode() + b"\n")
    # One call may write a part only, since a pipe holds 64 KiB.
    while line:
        line = line[os.write(fd, line):]
