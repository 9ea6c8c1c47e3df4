"""The layers that only Linux has, each for the process that calls it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence

from grader.inside.jail import kernel, landlock, seccomp
from grader.inside.jail.callrules import Situation

assert sys.platform == "linux"


def prepare() -> None:
    """Do once what forks would otherwise repeat."""
    kernel.limit_arenas()
    seccomp.prepare(landlock.knows_truncation())


# What a process that is not root any more may go on doing.
_kept = 0


def before_drop(reads: bool) -> None:
    """Keep what a change of user would take away, for `after_drop`."""
    global _kept
    _kept = kernel.CAP_DAC_READ_SEARCH if reads else 0
    kernel.prctl(kernel.PR_SET_KEEPCAPS, int(reads))


def after_drop() -> None:
    """Follow a change of user: drop capabilities, show /proc/self."""
    kernel.drop_capabilities(_kept)
    # Changing users hides /proc/self, where a namespace's maps are written.
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def die_with_parent() -> None:
    """Let nothing of a run outlive its warden."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def give_up_privileges() -> None:
    """Gain nothing by exec, hold no capability."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.drop_capabilities(_kept)


def close_files(readable: Sequence[str], writable: Sequence[str],
                network: bool) -> Iterator[str]:
    """Close every file but these; yield the layer's name if it is on."""
    abi = landlock.version()
    if abi:
        landlock.restrict(abi, readable, writable, network=network)
        yield f"landlock {abi}"


def close_calls(network: bool, forks: bool, alone: bool) -> Iterator[str]:
    """Refuse system calls; yield the layer's name if it is on."""
    if seccomp.supported():
        try:
            seccomp.install(Situation(
                pid=os.getpid(), network=network, forks=forks, alone=alone,
                truncation=landlock.knows_truncation()))
        except OSError:
            return  # a kernel without filters
        yield "seccomp"
