"""Landlock: limits the files that a process can open, with no way back.

The kernel grew by versions (the ABI); each knows more rights than the one
before, and a right that is not handled is not restricted.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterable

from grader.inside.jail import kernel

assert sys.platform == "linux"

# Numbers of system calls, the same on all machines.
_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
# The rights that make sense for a file; the kernel refuses a rule with any
# other one for a path that is no folder.
_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READ = _EXECUTE | _READ_FILE | _READ_DIR
# To bind and to connect.
_TCP = 3
# No abstract Unix sockets, and no signals, out of the run.
_SCOPES = 3


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64),
                ("scopes", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("access", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """Return the ABI version of this kernel, 0 where it has no Landlock."""
    try:
        return kernel.syscall("landlock", _CREATE, 0, 0, 1)
    except OSError:
        return 0


def knows_truncation() -> bool:
    """Return whether this kernel's Landlock can forbid truncating files.

    Older ones can forbid opening for writing, but truncate(2) opens none.
    """
    return version() >= 3


def _handled(abi: int) -> int:
    """Return the rights on files that an ABI can restrict, as a bit mask."""
    every = (1 << 13) - 1
    for since, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV)):
        every |= right if abi >= since else 0
    return every


def restrict(abi: int, readable: Iterable[str], writable: Iterable[str], *,
             network: bool) -> None:
    """Forbid all but reading below `readable` and all below `writable`.

    Paths that do not exist are left out. `network` leaves TCP open.
    Raises OSError, also where no_new_privs is not set.
    """
    # 1. A set of rules that handles all rights, so that each is refused
    #    unless a rule allows it.
    every = _handled(abi)
    rules = _Ruleset(every, _TCP if abi >= 4 and not network else 0,
                     _SCOPES if abi >= 6 else 0)
    # Older kernels refuse a record that is longer than theirs.
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = kernel.syscall("landlock_create_ruleset", _CREATE,
                             ctypes.addressof(rules), size, 0)
    try:
        # 2. What is allowed.
        for path in readable:
            _allow(ruleset, path, _READ & every)
        for path in writable:
            _allow(ruleset, path, every & ~_IOCTL_DEV)
        # 3. From here on the process, and all it starts, is restricted.
        kernel.syscall("landlock_restrict_self", _RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(parent).st_mode):
            access &= _FILE
        rule = _Beneath(access, parent)
        kernel.syscall("landlock_add_rule", _ADD_RULE, ruleset, 1,
                       ctypes.addressof(rule), 0)
    finally:
        os.close(parent)
