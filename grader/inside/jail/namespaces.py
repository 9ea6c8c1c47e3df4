"""Puts a run into namespaces of its own: what it sees of the system.

It gets a user, process, mount and IPC namespace, and a network one.
"""

from __future__ import annotations

import os
import sys

from grader.inside.jail import kernel
from grader.inside.limits import ENTRIES

assert sys.platform == "linux"

_QUIET = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC


def unshare(scratch: str, megabytes: int, network: bool) -> None:
    """Do what jail.unshare_run describes; raises OSError.

    `network` stands for a network namespace of its own, without a way out.
    """
    # 1. New namespaces, all in one call: the user namespace gives the
    #    right to make the others.
    flags = (kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID
             | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
    maps = _maps()
    kernel.unshare(flags | (kernel.CLONE_NEWNET if network else 0))
    # 2. The user of the new namespace. Until it is mapped, all ids in there
    #    are 65534, so `maps` is worked out before.
    for name, text in maps:
        _write(name, text)
    # 3. The mounts. Those of a new user namespace never propagate to the
    #    old one, so they need not be made private.
    kernel.make_read_only()
    kernel.mount("tmpfs", scratch, "tmpfs", _QUIET,
                 f"size={megabytes}m,nr_inodes={ENTRIES},mode=700")
    # 4. An empty /proc last, since the maps are written below /proc/self.
    kernel.mount("tmpfs", "/proc", "tmpfs", _QUIET | kernel.MS_RDONLY,
                 "size=4k,nr_inodes=1,mode=555")


def _maps() -> list[tuple[str, str]]:
    """Return the maps of a namespace that has this user and no other.

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
