"""Messages between the grader and the wall: JSON lines, never pickle."""

from __future__ import annotations

import json
import os
import socket
from typing import Any

Message = dict[str, Any]
_LENGTH = 8
_FDS = 2


def send(sock: socket.socket, message: Message, fds: list[int]) -> None:
    """Send one request with the descriptors that its run writes to."""
    body = json.dumps(message).encode()
    head = len(body).to_bytes(_LENGTH, "big")
    socket.send_fds(sock, [head], fds)
    sock.sendall(body)


def receive(sock: socket.socket) -> tuple[Message, list[int]] | None:
    """Receive one request, or None once the grader has hung up."""
    head, fds, _, _ = socket.recv_fds(sock, _LENGTH, _FDS)
    if not head:
        return None
    head += _exactly(sock, _LENGTH - len(head))
    body = _exactly(sock, int.from_bytes(head, "big"))
    message: Message = json.loads(body)
    return message, fds


def _exactly(sock: socket.socket, size: int) -> bytes:
    parts = bytearray()
    while len(parts) < size:
        part = sock.recv(min(1 << 20, size - len(parts)))
        if not part:
            raise ConnectionError("the grader hung up in mid-sentence")
        parts += part
    return bytes(parts)


def write_line(fd: int, message: Message) -> None:
    """Write one JSON line, whole, to a pipe."""
    line = memoryview(json.dumps(message).encode() + b"\n")
    while line:
        line = line[os.write(fd, line):]
