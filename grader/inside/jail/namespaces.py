"""A run's own namespaces: users, processes, mounts, queues, network."""

from __future__ import annotations

import os
import sys

from grader.inside.jail import kernel
from grader.inside.limits import ENTRIES

assert sys.platform == "linux"

_QUIET = kernel.MS_NOSUID | kernel.MS_NODEV | kernel.MS_NOEXEC


def unshare(scratch: str, megabytes: int, network: bool) -> None:
    """Do what jail.unshare_run promises, or raise OSError."""
    flags = (kernel.CLONE_NEWUSER | kernel.CLONE_NEWPID
             | kernel.CLONE_NEWNS | kernel.CLONE_NEWIPC)
    maps = _maps()
    kernel.unshare(flags | (kernel.CLONE_NEWNET if network else 0))
    for name, text in maps:
        _write(name, text)
    # What a new user namespace mounts is never passed on to the old one,
    # so there is no need to make the mounts private.
    kernel.make_read_only()
    kernel.mount("tmpfs", scratch, "tmpfs", _QUIET,
                 f"size={megabytes}m,nr_inodes={ENTRIES},mode=700")
    # The last step, since what comes before writes below /proc/self.
    kernel.mount("tmpfs", "/proc", "tmpfs", _QUIET | kernel.MS_RDONLY,
                 "size=4k,nr_inodes=1,mode=555")


def _maps() -> list[tuple[str, str]]:
    """Stay who we are: the namespace has this user alone."""
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
