"""The process inside the wall from which every run is forked.

It imports libraries once, so that runs need not import them. It never
holds a suite, an answer or a submission: all of that arrives with the
request of a run, which only the run reads.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator, Sequence

from grader.inside import support, wire
from grader.inside.jail import jail, overseer, probe, warden
from grader.inside.preload import BY_JOB, KINDS, load

assert sys.platform != "win32" and sys.platform != "darwin"


# Imported where submissions run: it takes a third of the time of all else.
_KIT = "grader.kit"
_OF_SUBMISSIONS = {"suite", "learnertests"}


def serve(sock: socket.socket) -> None:
    """Fork a warden for every call, until the grader closes the socket."""
    # The zygote waits for no warden; with SIG_IGN the kernel removes them
    # as they end.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while (call := wire.receive(sock)) is not None:
        if os.fork() == 0:
            sock.close()
            warden.watch(call)
        call.close()


def preload(kinds: Sequence[str], packages: Sequence[str],
            modules: Sequence[str] = ()) -> None:
    """Import what jobs of these kinds need, as far as it is installed.

    `packages` are folders of support packages, of which every module is
    imported; `modules` are names of installed modules.
    """
    # There is hardly any garbage yet, and to look for it takes a tenth of the
    # time. Frozen objects are never traversed, so forks share their pages.
    gc.disable()
    load(_names(kinds))
    for package in packages:
        load(support.modules(support.install(package)))
    load(modules)
    if not _OF_SUBMISSIONS.isdisjoint(kinds):
        importlib.import_module(f"{_KIT}.loading").all_imported()
    gc.freeze()
    gc.enable()


def _names(kinds: Sequence[str]) -> Iterator[str]:
    for kind in kinds:
        for job in KINDS[kind]:
            yield from BY_JOB[job]
    if not _OF_SUBMISSIONS.isdisjoint(kinds):
        # Otherwise each run that needs a module of the kit compiles it,
        # since nothing inside the wall can write the compiled file.
        yield from support.modules(_KIT)


def main(argv: list[str]) -> None:
    """Serve runs; the arguments are SOCKET_FD TIER PATHS PACKAGES KIND ...

    PATHS are two lists in JSON, of readable and of hidden paths. PACKAGES
    are two lists in JSON, of folders of support packages and of names of
    installed modules. The first line sent says whether the tier works here:
    {"layers": [names]} or {"error": why}.
    """
    sock = socket.socket(fileno=int(argv[0]))
    tier, kinds = argv[1], argv[4:]
    paths, packages = map(json.loads, argv[2:4])
    jail.prepare(*paths)
    if tier == "full":
        # Before the imports: the process that is left behind stays small.
        try:
            jail.own_processes()
        except jail.JailError as error:
            sock.sendall(json.dumps({"error": str(error)}).encode() + b"\n")
            return
    preload(kinds, *packages)
    sock.sendall(json.dumps(probe.attempt(tier)).encode() + b"\n")
    if tier == "full":
        overseer.Overseer(sock).serve()
    else:
        serve(sock)
