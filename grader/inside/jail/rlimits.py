"""Sets the resource limits of a process (setrlimit)."""

from __future__ import annotations

import math
import os
import resource
import sys

from grader.inside.limits import Limits

assert sys.platform != "win32"


def most_descriptors() -> int:
    """Return a number that no open descriptor of this process reaches."""
    # The hard limit: descriptors that were opened before the soft one was
    # lowered may be above it. An infinite one is taken for 2**20.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return min(hard, 1 << 20) if hard > 0 else 1 << 20


def lower(limits: Limits, alone: bool) -> None:
    """Lower every limit of this process; none can be raised again.

    `alone` says that this run has a PID namespace of its own. Elsewhere
    the kernel counts all processes of the user against the limit of
    processes, so the number of those is added to it.
    """
    memory = limits.memory_mb << 20
    others = 0 if alone else _tasks_of_user()
    for name, value in (
            # No core files, message queues, real-time priority or locked
            # memory: none of these is counted by the other limits.
            ("CORE", 0), ("MSGQUEUE", 0), ("RTPRIO", 0), ("MEMLOCK", 0),
            ("FSIZE", limits.file_mb << 20),
            ("NOFILE", limits.open_files),
            # In whole seconds, the unit of the kernel.
            ("CPU", max(1, math.ceil(limits.cpu_seconds))),
            ("NPROC", others + limits.processes),
            # AS counts addresses, DATA those that can be written to.
            ("DATA", memory), ("AS", memory)):
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is not None:
            _lower(kind, value)


def _lower(kind: int, value: int) -> None:
    """Set a limit, soft and hard, unless a lower one is set already.

    Raises OSError or ValueError where Linux refuses it; macOS refuses
    some, which then stay as they are.
    """
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):
        hard = resource.getrlimit(kind)[1]
        if sys.platform == "linux" and hard > value:
            raise


def _tasks_of_user() -> int:
    """Return how many threads this user has on the whole machine."""
    count, uid = 0, os.getuid()
    try:
        for entry in os.scandir("/proc"):
            if entry.name.isdigit() and _owner(entry) == uid:
                count += _threads(entry.path)
    except OSError:
        # No /proc: a number that leaves the run enough.
        return 1 << 12
    return count


def _owner(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_uid
    except OSError:
        return -1


def _threads(path: str) -> int:
    # The folder has a subfolder for each thread, and each of those is a
    # link to it, beside "." and its own name. Reading it would take longer.
    try:
        return os.stat(f"{path}/task").st_nlink - 2
    except OSError:
        return 0
