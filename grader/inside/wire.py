"""Messages between the grader and the processes inside the wall.

They are lines of JSON. pickle is not used: reading it can run code, and one
end of each pipe is in reach of the submission.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from typing import Any

Message = dict[str, Any]
# Results, status, request and, for some jobs, a file to be read.
_FDS = 4
_NO_FDS = "descriptors cannot be handed over on Windows"


def send(sock: socket.socket, fds: list[int]) -> None:
    """Ask the zygote for one run, with the descriptors that it gets.

    These are the write ends for results and status, the read end of the
    request and, if there is a fourth, its standard input.
    """
    if sys.platform == "win32":
        raise OSError(_NO_FDS)
    socket.send_fds(sock, [b"\n"], fds)


def receive(sock: socket.socket) -> list[int] | None:
    """Return the descriptors of the next run, None once the grader is gone.

    The request is not read here but by the run: what the zygote has read
    would lie in the memory of every later run.
    """
    if sys.platform == "win32":
        raise OSError(_NO_FDS)
    head, fds, _, _ = socket.recv_fds(sock, 1, _FDS)
    return fds if head else None


def read_request(fd: int) -> Message:
    """Read the request of a run, to the end of its pipe."""
    with open(fd, "rb") as pipe:
        message: Message = json.load(pipe)
    return message


def write_line(fd: int, message: Message) -> None:
    """Write one message to a pipe; waits while the pipe is full."""
    line = memoryview(json.dumps(message).encode() + b"\n")
    # One call may write a part only, since a pipe holds 64 KiB.
    while line:
        line = line[os.write(fd, line):]
