"""Messages between the grader and the wall: JSON lines, never pickle."""

from __future__ import annotations

import json
import os
import socket
import sys
from typing import Any

Message = dict[str, Any]
# The last, a file to be read, is there for some jobs only.
_FDS = 4
_NO_FDS = "descriptors cannot be handed over on Windows"


def send(sock: socket.socket, fds: list[int]) -> None:
    """Ask for one run: where it writes results and status, and reads.

    A fourth descriptor, if there is one, becomes its standard input.
    """
    if sys.platform == "win32":
        raise OSError(_NO_FDS)
    socket.send_fds(sock, [b"\n"], fds)


def receive(sock: socket.socket) -> list[int] | None:
    """Receive one call for a run, or None once the grader has hung up.

    The request itself is for the run alone to read: what the zygote had
    once read would lie in the memory of every later run.
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
    """Write one JSON line, whole, to a pipe."""
    line = memoryview(json.dumps(message).encode() + b"\n")
    while line:
        line = line[os.write(fd, line):]
