"""Takes rights away from a process before it runs untrusted code.

The zygote calls `prepare` once, so that its forks need not. The process of
each run calls `confine`, and `unshare_run` before that in the tier "full",
where the zygote forks it with `fork_apart`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from grader.inside.jail.readablepaths import readable_paths
from grader.inside.limits import Limits

if sys.platform != "win32":
    from grader.inside.jail import rlimits
if sys.platform == "linux":
    from grader.inside.jail import hardening, namespaces

__all__ = ["SCRATCH", "JailError", "Limits", "confine", "drop_root",
           "fork_apart", "limit", "own_processes", "prepare", "unshare_run"]


# In the tier "full" each run has an empty file system of its own there.
SCRATCH = "/scratch"
# Standard input, output, error, and the results (job.RESULTS).
_KEPT_DESCRIPTORS = 4


class JailError(Exception):
    """A step of the isolation is not permitted here; says which."""


def prepare(readable: Sequence[str] = (), hidden: Sequence[str] = ()
            ) -> None:
    """Do once, before the first fork, what all runs share.

    The arguments are those that `confine` will be called with.
    """
    if sys.platform == "linux":
        hardening.prepare()
    # Fills the cache of the function, which every fork then has.
    readable_paths(tuple(readable), tuple(hidden))


def own_processes() -> None:
    """Go on in a PID namespace of this process's own, with `fork_apart`.

    Call it in a process with a single thread and without children. What
    follows runs in a child, the first process of the namespace; the caller
    waits for it and ends with it. Raises JailError.
    """
    if sys.platform == "linux":
        with _refusals():
            namespaces.own_processes()
    else:
        raise JailError("only Linux has namespaces")


def fork_apart() -> int:
    """Fork, as os.fork does, into a new PID namespace; `own_processes` first.

    The child is the init of its namespace: all processes that it leaves
    behind end with it. Raises JailError.
    """
    if sys.platform == "linux":
        with _refusals():
            return namespaces.fork_apart()
    else:
        raise JailError("only Linux has namespaces")


def unshare_run(scratch: str, megabytes: int, *,
                network: bool = False) -> None:
    """Give this process a user and mounts of its own.

    Call it in a freshly forked process with a single thread. `scratch`, an
    existing folder, becomes an empty file system of these megabytes,
    and /proc an empty one. `network` takes the network away, where no wall
    around has done so. Raises JailError; the process must end then, since
    it may be in some of the namespaces only.
    """
    if sys.platform == "linux":
        with _refusals():
            namespaces.unshare(scratch, megabytes, network)
    else:
        raise JailError("only Linux has namespaces")


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the kernel refuses into a JailError."""
    try:
        yield
    except OSError as error:
        raise JailError(error.strerror or str(error)) from None


def drop_root(uid: int, gid: int, *, reads: bool = False) -> None:
    """Change from root to an ordinary user, with no way back.

    Does nothing for a process that is not root's.

    The kernel exempts root from the limit of processes, and in a user
    namespace also a root who is another user outside. `reads` keeps, for
    the forks too, the right to read any file that `confine` leaves open:
    it is needed where only root can read this Python.
    """
    if sys.platform != "win32" and os.geteuid() == 0:
        if sys.platform == "linux":
            hardening.before_drop(reads)
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
        if sys.platform == "linux":
            hardening.after_drop()


def confine(limits: Limits, writable: str | None, *, network: bool = False,
            readable: Sequence[str] = (), hidden: Sequence[str] = ()
            ) -> tuple[str, ...]:
    """Give up, with no way back, what untrusted code need not have.

    Only descriptors 0 to 3 stay open. Files below `writable` may be
    changed, those of Python and below `readable` read unless they are
    `hidden`. Returns the names of the layers that are on; those that the
    platform lacks are missing.
    """
    shown = readable_paths(tuple(readable), tuple(hidden))
    return tuple(_layers(limits, writable, network, shown))


def limit(limits: Limits) -> None:
    """Only limit the run and give it a group of its own to be killed by."""
    if sys.platform != "win32":
        _leave_session()
        rlimits.lower(limits, alone=False)
    if sys.platform == "linux":
        hardening.die_with_parent()


def _layers(limits: Limits, writable: str | None, network: bool,
            readable: tuple[str, ...]) -> Iterator[str]:
    # A generator also where no layer below exists.
    yield from ()
    # The init of a PID namespace has the number 1, and sees no process but
    # its own children.
    alone = os.getpid() == 1
    if sys.platform != "win32":
        _leave_session()
        os.closerange(_KEPT_DESCRIPTORS, rlimits.most_descriptors())
        yield "session"
        rlimits.lower(limits, alone)
        yield "rlimits"
    if sys.platform == "linux":
        hardening.die_with_parent()
        hardening.give_up_privileges()
        yield "capabilities"
        yield from hardening.close_files(
            readable, ("/dev/null", *([writable] if writable else [])),
            network)
        yield from hardening.close_calls(network, limits.forks, alone)


if sys.platform != "win32":
    def _leave_session() -> None:
        try:
            os.setsid()
        except PermissionError:
            # It leads a process group already, which setsid refuses; such
            # a group has no terminal either.
            pass
