"""Puts a run into namespaces of its own: what it sees of the system.

It gets a PID namespace by `fork_apart`, and by `unshare` one for users, for
mounts, for IPC and, where no wall around it has one already, for the network.
The module jail calls this one, and describes its functions in full.
"""

from __future__ import annotations

import os
import signal
import sys

from grader.inside.jail import kernel
from grader.inside.limits import ENTRIES

assert sys.platform == "linux"

# Files there are data only: no set-user-ID, no devices, no programs.
_DATA_ONLY = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC


def own_processes() -> None:
    """Go on as a child, the first process of a new PID namespace.

    See jail.own_processes; raises OSError.
    """
    _enter(kernel.CLONE_NEWPID)
    _go_on_in_child()


def _go_on_in_child() -> None:
    """Return in a child of this process, the first one of its namespace.

    This process only waits for it, and ends as it ends.
    """
    if pid := os.fork():
        _, status = os.waitpid(pid, 0)
        os._exit(min(255, abs(os.waitstatus_to_exitcode(status))))
    kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGKILL)


def fork_apart() -> int:
    """Fork into a new PID namespace; return as os.fork does.

    See jail.fork_apart; raises OSError.
    """
    # unshare changes the namespace of later children, and fails for a
    # process whose children would not get its own. So this process's own
    # namespace is set for them again after the fork.
    ours = os.open("/proc/self/ns/pid", os.O_RDONLY | os.O_CLOEXEC)
    try:
        kernel.unshare(kernel.CLONE_NEWPID)
        # Not 0, so that the namespace is set again if the fork fails.
        pid = -1
        try:
            pid = os.fork()
        finally:
            if pid:
                kernel.setns(ours, kernel.CLONE_NEWPID)
    finally:
        os.close(ours)
    return pid


def unshare(scratch: str, megabytes: int, network: bool) -> None:
    """Move this process into namespaces with an empty folder `scratch`.

    `megabytes` is how much fits in there. `network` adds a network namespace
    without a way out. See jail.unshare_run; raises OSError.
    """
    # 1. The namespaces.
    _enter(kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC
           | (kernel.CLONE_NEWNET if network else 0))
    # 2. The mounts. Those of a new user namespace never propagate to the
    #    old one, so they need not be made private.
    kernel.make_read_only()
    kernel.mount("tmpfs", scratch, "tmpfs", _DATA_ONLY,
                 f"size={megabytes}m,nr_inodes={ENTRIES},mode=700")
    # 3. An empty /proc last, since the maps are written below /proc/self.
    kernel.mount("tmpfs", "/proc", "tmpfs",
                 _DATA_ONLY | kernel.MS_RDONLY,
                 "size=4k,nr_inodes=1,mode=555")


def _enter(flags: int) -> None:
    """Move this process into new namespaces, as the same user.

    One of users is among them: it gives the right to make those of `flags`.
    """
    # Until the user is mapped, all ids in there are 65534, so the maps are
    # worked out before.
    maps = _maps()
    kernel.unshare(kernel.CLONE_NEWUSER | flags)
    for name, text in maps:
        _write(name, text)


def _maps() -> list[tuple[str, str]]:
    """Return (file below /proc/self, text) of a user namespace's maps.

    The namespace has this user and group, and no other.


    The kernel demands "deny" for setgroups before an ordinary user may
    write a map of groups.
    """
    uid, gid = os.geteuid(), os.getegid()
    return [("setgroups", "deny"), ("uid_map", f"{uid} {uid} 1"),
            ("gid_map", f"{gid} {gid} 1")]


def _write(name: str, text: str) -> None:
    try:
        fd = os.open(f"/proc/self/{name}", os.O_WRONLY)
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)
    except OSError as error:
        raise OSError(error.errno, f"setting up {name.replace('_', ' ')}: "
                                   f"{error.strerror}") from None
