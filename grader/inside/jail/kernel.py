"""Linux system calls that Python does not offer, made through ctypes."""

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

# The C library has no function for it; the number is the same everywhere.
_MOUNT_SETATTR = 442
_CAPABILITY_VERSION_3 = 0x20080522
_M_ARENA_MAX = -8


@functools.cache
def libc() -> ctypes.CDLL:
    """Return the C library of this process, its functions looked up."""
    library = ctypes.CDLL(None, use_errno=True)
    # Without argument types ctypes passes 32-bit integers, and the upper
    # half of a register would hold whatever was there before.
    word = ctypes.c_ulong
    library.syscall.restype = ctypes.c_long
    library.syscall.argtypes = (word,) * 6
    library.prctl.argtypes = (ctypes.c_int, *(word,) * 4)
    library.mount.argtypes = (*(ctypes.c_char_p,) * 3, word,
                              ctypes.c_char_p)
    library.unshare.argtypes = (ctypes.c_int,)
    library.setns.argtypes = (ctypes.c_int, ctypes.c_int)
    library.capset.argtypes = (ctypes.c_void_p, ctypes.c_void_p)
    return library


def _checked(result: int, name: str) -> int:
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")
    return result


def syscall(name: str, number: int, *words: int) -> int:
    """Make a system call and return its result; raises OSError.

    `name` is for the error; missing arguments are zero.
    """
    return _checked(libc().syscall(number, *(*words, *(0,) * 5)[:5]), name)


def prctl(option: int, *words: int) -> int:
    """Call prctl; missing arguments are zero, as the kernel demands."""
    return _checked(libc().prctl(option, *(*words, 0, 0, 0, 0)[:4]),
                    f"prctl {option}")


def unshare(flags: int) -> None:
    """Leave the namespaces named by CLONE_ flags; raises OSError."""
    # os.unshare exists from Python 3.12 on only.
    _checked(libc().unshare(flags), "unshare")


def setns(descriptor: int, flags: int) -> None:
    """Enter the namespace that a descriptor refers to; raises OSError."""
    # os.setns exists from Python 3.12 on only.
    _checked(libc().setns(descriptor, flags), "setns")


def mount(source: str, target: str, kind: str, flags: int,
          options: str = "") -> None:
    """Mount a file system of a kind, such as tmpfs, on `target`.

    Raises OSError.
    """
    result = libc().mount(source.encode(), os.fsencode(target),
                          kind.encode(), flags, options.encode())
    _checked(result, f"mount {target}")


def make_read_only() -> None:
    """Make every mount of this namespace read-only; raises OSError.

    Devices such as /dev/null can be written to all the same.
    """
    root = ctypes.create_string_buffer(b"/")
    # struct mount_attr: attributes to set, to clear, propagation, and the
    # descriptor of a user namespace.
    wanted = (ctypes.c_uint64 * 4)(MS_RDONLY, 0, 0, 0)
    syscall("mount_setattr", _MOUNT_SETATTR, 0, ctypes.addressof(root),
            AT_RECURSIVE, ctypes.addressof(wanted), ctypes.sizeof(wanted))


def drop_capabilities(kept: int = 0) -> None:
    """Give up every capability but those of the mask `kept`.

    The kernel drops the ambient ones with them. The bounding set is left
    alone: it has no effect under no_new_privs, and the forty calls that
    empty it take longer than any other layer.
    """
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    # Effective, permitted and inheritable ones: the lower 32 bits of each,
    # then the upper 32 bits.
    left = (ctypes.c_uint32 * 6)(kept, kept)
    _checked(libc().capset(header, left), "capset")


def limit_arenas() -> None:
    """Let all threads of a process share two malloc arenas.

    Each arena reserves 64 MB of addresses, so eight threads would use up
    the limit of 512 MB (RLIMIT_AS) without touching any memory.
    """
    try:
        libc().mallopt(_M_ARENA_MAX, 2)
    except AttributeError:
        pass  # musl has no arenas
