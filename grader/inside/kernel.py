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
MS_REC, MS_PRIVATE = 0x4000, 0x40000

PR_SET_PDEATHSIG = 1
PR_SET_DUMPABLE = 4
PR_SET_SECCOMP = 22
PR_CAPBSET_DROP = 24
PR_SET_NO_NEW_PRIVS = 38
PR_CAP_AMBIENT = 47

_CAPABILITY_VERSION_3 = 0x20080522
_M_ARENA_MAX = -8


@functools.cache
def libc() -> ctypes.CDLL:
    """Return the C library of this process."""
    library = ctypes.CDLL(None, use_errno=True)
    library.syscall.restype = ctypes.c_long
    return library


def _checked(result: int, name: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def syscall(name: str, number: int, *arguments: object) -> int:
    """Make the system call; integers are passed as C longs."""
    words = [ctypes.c_long(word) if isinstance(word, int) else word
             for word in arguments]
    return _checked(libc().syscall(ctypes.c_long(number), *words), name)


def prctl(option: int, *words: object) -> int:
    """Call prctl; missing arguments are zero, as the kernel demands."""
    longs = [ctypes.c_ulong(word) if isinstance(word, int) else word
             for word in (*words, 0, 0, 0, 0)[:4]]
    return _checked(libc().prctl(option, *longs), f"prctl {option}")


def unshare(flags: int) -> None:
    """Leave the namespaces of `flags`; os.unshare is there from 3.12."""
    _checked(libc().unshare(flags), "unshare")


def mount(source: str, target: str, kind: str, flags: int,
          options: str = "") -> None:
    """Mount a file system of `kind` on `target`."""
    _checked(libc().mount(source.encode(), os.fsencode(target),
                          kind.encode(), ctypes.c_ulong(flags),
                          options.encode()), f"mount {target}")


def drop_capabilities() -> None:
    """Give up every capability, also of programs started later."""
    for number in range(64):
        try:
            prctl(PR_CAPBSET_DROP, number)
        except OSError:
            break  # past the last one, or without the right to
    try:
        prctl(PR_CAP_AMBIENT, 4)
    except OSError:
        pass
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(libc().capset(header, nothing), "capset")


def few_arenas() -> None:
    """Let threads share two malloc arenas.

    Each arena reserves 64 MB of addresses, so a handful of threads would
    use up a limit of addresses without touching any memory.
    """
    try:
        libc().mallopt(_M_ARENA_MAX, 2)
    except AttributeError:
        pass  # musl has no arenas
