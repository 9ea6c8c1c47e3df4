"""The layers of the jail that only Linux has: capabilities, files, calls.

Every function changes the process that calls it.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence

from grader.inside.jail import kernel, landlock, seccomp
from grader.inside.jail.callrules import Situation

assert sys.platform == "linux"


def prepare() -> None:
    """Do, once in the zygote, the slow steps that all forks share."""
    kernel.limit_arenas()
    seccomp.prepare(landlock.knows_truncation())


# The capabilities that are kept when root is given up, as a bit mask. Forks
# of this process need the value, too, so it is the module's.
_kept = 0


def before_drop(reads: bool) -> None:
    """Prepare for the change of user that comes before `after_drop`.

    With `reads` the right to read any file is kept.
    """
    global _kept
    _kept = kernel.CAP_DAC_READ_SEARCH if reads else 0
    # Without this, setuid from root to another user clears all of them.
    kernel.prctl(kernel.PR_SET_KEEPCAPS, int(reads))


def after_drop() -> None:
    """Call after setuid: drops capabilities and makes /proc/self writable.
    """
    kernel.drop_capabilities(_kept)
    # A process that changes its user becomes undumpable, and the files of
    # an undumpable one in /proc belong to root. The maps of a user
    # namespace are written there.
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def die_with_parent() -> None:
    """Have the kernel kill this process when its parent ends."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def give_up_privileges() -> None:
    """Hold no capability, and gain none by exec of a setuid program.

    An undumpable process cannot be traced by another of the same user.
    """
    # Landlock and seccomp demand it of a process that is not root.
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.drop_capabilities(_kept)


def close_files(readable: Sequence[str], writable: Sequence[str],
                network: bool) -> Iterator[str]:
    """Forbid every file but these; yield the layer's name if it is on.

    Yields nothing on a kernel without Landlock.
    """
    abi = landlock.version()
    if abi:
        landlock.restrict(abi, readable, writable, network=network)
        yield f"landlock {abi}"


def close_calls(network: bool, forks: bool, alone: bool) -> Iterator[str]:
    """Filter system calls; yield the layer's name if it is on.

    It comes last, since the filter refuses calls that other layers need.
    """
    if seccomp.supported():
        try:
            seccomp.install(Situation(
                pid=os.getpid(), network=network, forks=forks, alone=alone,
                truncation=landlock.knows_truncation()))
        except OSError:
            # A kernel without filters; the caller misses the layer's name.
            return
        yield "seccomp"
