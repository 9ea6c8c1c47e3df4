"""Landlock: which files a process may touch, by rules it cannot undo."""

from __future__ import annotations

import ctypes
import os
import stat
import sys
from collections.abc import Iterable

from grader.inside.jail import kernel

assert sys.platform == "linux"

_CREATE, _ADD_RULE, _RESTRICT = 444, 445, 446

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_READ = _EXECUTE | _READ_FILE | _READ_DIR
_TCP = 3
_SCOPES = 3


class _Ruleset(ctypes.Structure):
    _fields_ = [("files", ctypes.c_uint64), ("network", ctypes.c_uint64),
                ("scopes", ctypes.c_uint64)]


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("access", ctypes.c_uint64), ("parent", ctypes.c_int32)]


def version() -> int:
    """Return the ABI that this kernel offers, 0 where there is none."""
    try:
        return kernel.syscall("landlock", _CREATE, 0, 0, 1)
    except OSError:
        return 0


def knows_truncation() -> bool:
    """Tell whether it keeps files from being truncated."""
    return version() >= 3


def _handled(abi: int) -> int:
    every = (1 << 13) - 1
    for since, right in ((2, _REFER), (3, _TRUNCATE), (5, _IOCTL_DEV)):
        every |= right if abi >= since else 0
    return every


def restrict(abi: int, readable: Iterable[str], writable: Iterable[str], *,
             network: bool) -> None:
    """Allow reading below `readable`, everything below `writable`.

    Paths that do not exist are left out. `network` leaves TCP open. The
    caller has set no_new_privs.
    """
    every = _handled(abi)
    rules = _Ruleset(every, _TCP if abi >= 4 and not network else 0,
                     _SCOPES if abi >= 6 else 0)
    # Older kernels refuse a record that is longer than theirs.
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    ruleset = kernel.syscall("landlock_create_ruleset", _CREATE,
                             ctypes.addressof(rules), size, 0)
    try:
        for path in readable:
            _allow(ruleset, path, _READ & every)
        for path in writable:
            _allow(ruleset, path, every & ~_IOCTL_DEV)
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
