"""The process inside the wall that every run is forked from.

It imports libraries once and holds no suite, no answer and no submission:
whatever a run may see arrives with its request.
"""

from __future__ import annotations

import gc
import importlib
import os
import signal
import socket
import sys

from grader.inside import warden, wire

# What a job's runs need, imported before the first fork. Each job is a
# module of this package with a function run(request, emit).
PRELOAD = {
    "suite": (
        "asyncio", "concurrent.futures", "contextlib", "csv", "datetime",
        "decimal", "functools", "importlib.util", "itertools", "logging",
        "math", "random", "sqlite3", "threading", "typing", "unittest",
        "unittest.mock", "uuid", "aiosqlite", "parameterized", "requests",
        "grader.kit", "grader.inside.suite",
    ),
    "tools": (
        "mypy.build", "pycodestyle", "grader.inside.typecheck",
        "grader.inside.style",
    ),
}


def serve(sock: socket.socket) -> None:
    """Fork a warden for every request until the grader hangs up."""
    # Nobody waits for wardens: the kernel reaps them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while (received := wire.receive(sock)) is not None:
        request, fds = received
        if os.fork() == 0:
            sock.close()
            warden.watch(request, *fds)
        for fd in fds:
            os.close(fd)


def preload(kinds: list[str]) -> None:
    """Import what the kinds of job need, as far as it is installed."""
    for name in (name for kind in kinds for name in PRELOAD[kind]):
        try:
            importlib.import_module(name)
        except ImportError as error:
            if name.startswith("grader."):
                raise
            print(f"not preloaded: {error}", file=sys.stderr)
    gc.collect()
    # Frozen objects are not traversed, so forks keep sharing their pages.
    gc.freeze()


def main(argv: list[str]) -> None:
    """Run as: zygote SOCKET_FD KIND ..."""
    sock = socket.socket(fileno=int(argv[0]))
    preload(argv[1:])
    sock.sendall(b"\n")
    serve(sock)


if __name__ == "__main__":
    main(sys.argv[1:])
