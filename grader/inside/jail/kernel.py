"""The few Linux calls that Python does not offer, through ctypes."""

from __future__ import annotations

import ctypes
import functools
import os

CLONE_NEWNS = 0x00020000
CLONE_NEWIPC = 0x08000000
CLONE_NEWUSER = 0x10000000
CLONE_NEWPID = 0x20000000
CLONE_NEWNET = 0x40000000

MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 1, 2, 4, 8

AT_RECURSIVE = 0x8000
CAP_DAC_READ_SEARCH = 1 << 2

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_KEEPCAPS = 8
PR_SET_SECCOMP = 22
PR_SET_NO_NEW_PRIVS = 38

_MOUNT_SETATTR = 442
_CAPABILITY_VERSION_3 = 0x20080522
_M_ARENA_MAX = -8


@functools.cache
def libc() -> ctypes.CDLL:
    """Return the C library of this process, its functions looked up."""
    library = ctypes.CDLL(None, use_errno=True)
    word = ctypes.c_ulong
    library.syscall.restype = ctypes.c_long
    library.syscall.argtypes = (word,) * 6
    library.prctl.argtypes = (ctypes.c_int, *(word,) * 4)
    library.mount.argtypes = (*(ctypes.c_char_p,) * 3, word,
                              ctypes.c_char_p)
    library.unshare.argtypes = (ctypes.c_int,)
    library.capset.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    return library


def _checked(result: int, name: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def syscall(name: str, number: int, *words: int) -> int:
    """Make the system call; missing arguments are zero."""
    return _checked(libc().syscall(number, *(*words, *(0,) * 5)[:5]), name)


def prctl(option: int, *words: int) -> int:
    """Call prctl; missing arguments are zero, as the kernel demands."""
    return _checked(libc().prctl(option, *(*words, 0, 0, 0, 0)[:4]),
                    f"prctl {option}")


def unshare(flags: int) -> None:
    """Leave the namespaces of `flags`; os.unshare is there from 3.12."""
    _checked(libc().unshare(flags), "unshare")


def mount(source: str, target: str, kind: str, flags: int,
          options: str = "") -> None:
    """Mount a file system of `kind` on `target`."""
    result = libc().mount(source.encode(), os.fsencode(target),
                          kind.encode(), flags, options.encode())
    _checked(result, f"mount {target}")


def make_read_only() -> None:
    """Make every mount that this namespace has now read-only.

    A device node is then as it was: it can be written to, but neither its
    times nor its mode changed.
    """
    root = ctypes.create_string_buffer(b"/")
    # Attributes to set, to clear, propagation, a user namespace.
    wanted = (ctypes.c_uint64 * 4)(MS_RDONLY, 0, 0, 0)
    syscall("mount_setattr", _MOUNT_SETATTR, 0, ctypes.addressof(root),
            AT_RECURSIVE, ctypes.addressof(wanted), ctypes.sizeof(wanted))


def drop_capabilities(kept: int = 0) -> None:
    """Give up every capability but those of the mask `kept`.

    The ambient ones go with them. The bounding set is left alone:
    no_new_privs makes it idle, and forty calls to empty it cost more than
    any other layer.
    """
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    # Effective, permitted and inheritable ones, twice 32 of each.
    left = (ctypes.c_uint32 * 6)(kept, kept)
    _checked(libc().capset(header, left), "capset")


def limit_arenas() -> None:
    """Let threads share two malloc arenas.

    Each arena reserves 64 MB of addresses, so a handful of threads would
    use up a limit of addresses without touching any memory.
    """
    try:
        libc().mallopt(_M_ARENA_MAX, 2)
    except AttributeError:
        pass  # musl has no arenas
