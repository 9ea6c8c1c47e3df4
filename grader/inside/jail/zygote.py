"""The process inside the wall that every run is forked from.

It imports libraries once and holds no suite, no answer and no submission:
whatever a run may see arrives with its request.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence

from grader import kit
from grader.inside import support, wire
from grader.inside.jail import jail, probe, warden
from grader.inside.preload import BY_JOB, KINDS, load
from grader.kit.load import all_imported

assert sys.platform != "win32" and sys.platform != "darwin"


def serve(sock: socket.socket) -> None:
    """Fork a warden for every request until the grader hangs up."""
    # No process waits for wardens: the kernel reaps them.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while (fds := wire.receive(sock)) is not None:
        if os.fork() == 0:
            sock.close()
            warden.watch(*fds)
        for fd in fds:
            os.close(fd)


def preload(kinds: Sequence[str], packages: Sequence[str],
            modules: Sequence[str] = ()) -> None:
    """Import what the kinds of job need, as far as it is installed.

    Of `packages`, by their folders, every module, and then `modules`.
    """
    load(_names(kinds))
    for package in packages:
        load(support.modules(support.install(package)))
    load(modules)
    all_imported()
    gc.collect()
    # Frozen objects are not traversed, so forks keep sharing their pages.
    gc.freeze()


def _names(kinds: Sequence[str]) -> Iterator[str]:
    for kind in kinds:
        for job in KINDS[kind]:
            yield from BY_JOB[job]
    if "suite" in kinds:
        # A run that needs a part of the kit would compile it each time.
        yield from support.modules(kit.__name__)


def main(argv: list[str]) -> None:
    """Run as: zygote SOCKET_FD TIER PATHS PACKAGES KIND ...

    PATHS, in JSON, are two lists: what runs may read, and what is hidden.
    PACKAGES, in JSON, are two: the folders of packages for the runs, and
    the names of installed modules that they may need.
    Says in one line of JSON whether the tier can be had here, then serves.
    """
    sock = socket.socket(fileno=int(argv[0]))
    tier, kinds = argv[1], argv[4:]
    paths, packages = map(json.loads, argv[2:4])
    jail.prepare(*paths)
    preload(kinds, *packages)
    sock.sendall(json.dumps(probe.attempt(tier)).encode() + b"\n")
    serve(sock)
