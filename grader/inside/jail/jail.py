"""What a run may not do: the layers put on before untrusted code starts.

The warden calls `unshare_run`, forks, and the runner calls `confine`; the
zygote calls `prepare` once, so that the forks need not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence

from grader.inside.jail.readablepaths import readable_paths
from grader.inside.limits import Limits

if sys.platform != "win32":
    from grader.inside.jail import rlimits
if sys.platform == "linux":
    from grader.inside.jail import hardening, namespaces

__all__ = ["JailError", "Limits", "confine", "drop_root", "limit",
           "prepare", "unshare_run"]


_KEPT_DESCRIPTORS = 4


class JailError(Exception):
    """A step of the isolation is not permitted here; says which."""


def prepare(readable: Sequence[str] = (), hidden: Sequence[str] = ()
            ) -> None:
    """Do once, before the first fork, what all the runs share.

    These are what `confine` will be given.
    """
    if sys.platform == "linux":
        hardening.prepare()
    readable_paths(tuple(readable), tuple(hidden))


def unshare_run(scratch: str, megabytes: int, *,
                network: bool = False) -> None:
    """Give the next fork of this process a place of its own.

    Call it in a freshly forked process with a single thread. The first
    process forked afterwards is the init of a new PID namespace: whatever
    it leaves behind dies with it. `scratch`, an existing directory,
    becomes an empty file system of `megabytes`, /proc an empty one.
    Outside a wall that has no network, `network` closes it too.
    Raises JailError, after which the process is good for nothing.
    """
    if sys.platform == "linux":
        try:
            namespaces.unshare(scratch, megabytes, network)
        except OSError as error:
            raise JailError(error.strerror or str(error)) from None
    else:
        raise JailError("only Linux has namespaces")


def drop_root(uid: int, gid: int, *, reads: bool = False) -> None:
    """Become an ordinary user, with no way back; one already is left as it is.

    With `reads` it keeps, in its runs too, the right to read any file that
    is not closed by `confine`: where Python is root's alone. The kernel
    exempts root from the limit of processes, even a root that is somebody
    else in a user namespace.
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
    yield from ()
    # The init of a PID namespace sees only its own children.
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
            pass  # it leads a group, hence no terminal's, already
