"""The layers that only Linux has, each for the process that calls it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Sequence

from grader.inside import kernel, landlock, seccomp

assert sys.platform == "linux"


def prepare() -> None:
    """Do once what forks would otherwise repeat."""
    kernel.few_arenas()
    seccomp.prepare()


def after_drop() -> None:
    """Follow a change of user: no capability is left, /proc/self is."""
    kernel.drop_capabilities()
    # Changing users hides /proc/self, where a namespace's maps are written.
    kernel.prctl(kernel.PR_SET_DUMPABLE, 1)


def die_with_parent() -> None:
    """Let nothing of a run outlive its warden."""
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def give_up_privileges() -> None:
    """Gain nothing by exec, hold no capability."""
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    kernel.prctl(kernel.PR_SET_DUMPABLE, 0)
    kernel.drop_capabilities()


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
            seccomp.install(os.getpid(), network=network, forks=forks,
                            alone=alone)
        except OSError:
            return  # a kernel without filters
        yield "seccomp"
