"""Limits of a process, as far as the platform has them."""

from __future__ import annotations

import math
import os
import resource
import sys

from grader.inside.limits import Limits

assert sys.platform != "win32"


def most_descriptors() -> int:
    """Return a bound on descriptors, also of those above the soft limit."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    return min(hard, 1 << 20) if hard > 0 else 1 << 20


def lower(limits: Limits, alone: bool) -> None:
    """Lower every limit of this process; none can be raised again.

    `alone` says that the limit of processes counts those of this run
    only; otherwise the user's other processes are added to it.
    """
    memory = limits.memory_mb << 20
    others = 0 if alone else _tasks_of_user()
    for name, value in (
            ("CORE", 0), ("MSGQUEUE", 0), ("RTPRIO", 0), ("MEMLOCK", 0),
            ("FSIZE", limits.file_mb << 20),
            ("NOFILE", limits.open_files),
            ("CPU", max(1, math.ceil(limits.cpu_seconds))),
            ("NPROC", others + limits.processes),
            ("DATA", memory), ("AS", memory)):
        kind = getattr(resource, f"RLIMIT_{name}", None)
        if kind is not None:
            _lower(kind, value)


def _lower(kind: int, value: int) -> None:
    """Set a limit, soft and hard; a lower one that is there stays."""
    try:
        resource.setrlimit(kind, (value, value))
    except (OSError, ValueError):
        hard = resource.getrlimit(kind)[1]
        if sys.platform == "linux" and hard > value:
            raise


def _tasks_of_user() -> int:
    """Count this user's threads, which share one limit machine-wide."""
    count, uid = 0, os.getuid()
    try:
        for entry in os.scandir("/proc"):
            if entry.name.isdigit() and _owner(entry) == uid:
                count += _threads(entry.path)
    except OSError:
        return 1 << 12
    return count


def _owner(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat().st_uid
    except OSError:
        return -1


def _threads(path: str) -> int:
    try:
        return os.stat(f"{path}/task").st_nlink - 2
    except OSError:
        return 0
