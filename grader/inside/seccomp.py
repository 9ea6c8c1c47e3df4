"""A seccomp filter: the system calls that no exercise needs, refused.

Numbers are written out for x86-64 and for the 64-bit Arm, whose table is
the generic one; from 424 on all architectures share theirs.
"""

from __future__ import annotations

import ctypes
import functools
import platform
import struct

from grader.inside import kernel

_KILL, _ERRNO, _ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
_EPERM, _EAGAIN, _ENOSYS = _ERRNO | 1, _ERRNO | 11, _ERRNO | 38
_LOAD, _RETURN = 0x20, 0x06
_EQUAL, _AT_LEAST, _ANY_BIT = 0x15, 0x35, 0x45
_NUMBER, _ARCH, _ARGUMENT = 0, 4, 16

_CLONE_THREAD = 0x00010000
_CLONE_NEW = 0x7E020080
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C
_CLONE3 = 435
_LAST_KNOWN = 462  # mseal, Linux 6.10

_SHARED = (
    425, 426, 427,  # io_uring
    428, 429, 430, 431, 432, 433, 442, 457, 458,  # mounts
    438, 440, 448,  # pidfd_getfd, process_madvise, process_mrelease
    443, 447,       # quotactl_fd, memfd_secret
)

_X86_64 = {
    "processes": (101, 310, 311, 312, 256, 279),
    "mounts": (155, 161, 165, 166, 167, 168),
    "namespaces": (272, 308),
    "kernel": (163, 169, 170, 171, 172, 173, 174, 175, 176, 177, 178, 179,
               180, 103, 246, 313, 320, 134, 139, 153, 154, 156, 212),
    "clocks": (159, 164, 227, 305),
    "probes": (298, 300, 301, 321, 323, 135),
    "keys": (248, 249, 250),
    "handles": (303, 304, 319),
    # System V and POSIX queues keep memory that no limit counts.
    "queues": (29, 64, 68, 240),
    "signals": (129, 200, 297, 424),
}

_ARM64 = {
    "processes": (117, 270, 271, 272, 238, 239),
    "mounts": (41, 51, 40, 39, 224, 225),
    "namespaces": (97, 268),
    "kernel": (89, 142, 161, 162, 105, 106, 60, 42, 116, 104, 273, 294,
               58, 18),
    "clocks": (171, 170, 112, 266),
    "probes": (241, 262, 263, 280, 282, 92),
    "keys": (217, 218, 219),
    "handles": (264, 265, 279),
    "queues": (194, 190, 186, 180),
    "signals": (138, 130, 240, 424),
}

# machine: audit architecture, denied numbers, (clone, ioctl, socket,
# prlimit64, kill, tgkill), numbers of fork and vfork.
_MACHINES = {
    "x86_64": (0xC000003E, _X86_64, (56, 16, 41, 302, 62, 234), (57, 58)),
    "aarch64": (0xC00000B7, _ARM64, (220, 29, 198, 261, 129, 131), ()),
}

_Step = tuple[int, int, int, int]


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]


def supported() -> bool:
    """Tell whether the numbers of this machine are known."""
    # A 32-bit Python on a 64-bit kernel speaks another table.
    return platform.machine() in _MACHINES and struct.calcsize("P") == 8


def prepare() -> None:
    """Translate once the filter that runs usually get."""
    if supported():
        program(platform.machine(), 1, network=False, forks=False,
                alone=True)


def _give(action: int) -> _Step:
    return (_RETURN, 0, 0, action)


def _only(index: int, allowed: tuple[int, ...]) -> list[_Step]:
    """Allow the call where an argument is one of these, else refuse it."""
    steps: list[_Step] = [(_LOAD, 0, 0, _ARGUMENT + 8 * index)]
    for value in allowed:
        steps += [(_EQUAL, 0, 1, value & 0xFFFFFFFF), _give(_ALLOW)]
    return [*steps, _give(_EPERM)]


def _not(index: int, refused: tuple[int, ...]) -> list[_Step]:
    steps: list[_Step] = [(_LOAD, 0, 0, _ARGUMENT + 8 * index)]
    for value in refused:
        steps += [(_EQUAL, 0, 1, value), _give(_EPERM)]
    return [*steps, _give(_ALLOW)]


def _clone(forks: bool) -> list[_Step]:
    steps: list[_Step] = [(_LOAD, 0, 0, _ARGUMENT),
                          (_ANY_BIT, 0, 1, _CLONE_NEW), _give(_EPERM)]
    if not forks:
        steps += [(_ANY_BIT, 1, 0, _CLONE_THREAD), _give(_EAGAIN)]
    return [*steps, _give(_ALLOW)]


def _socket(network: bool) -> list[_Step]:
    unix, inet, inet6, netlink = 1, 2, 10, 16
    return _only(0, (unix, inet, inet6, netlink) if network else (unix,))


def _signals(machine: str, pid: int) -> dict[int, list[_Step]]:
    """Allow signals to this process and its group alone."""
    _, denied, special, _ = _MACHINES[machine]
    cases = {number: [_give(_EPERM)] for number in denied["signals"]}
    return cases | {special[4]: _only(0, (pid, 0, -pid)),
                    special[5]: _only(0, (pid,))}


def _cases(machine: str, pid: int, network: bool, forks: bool,
           alone: bool) -> dict[int, list[_Step]]:
    """Return what to do, ending in a return, for each call of interest."""
    _, denied, (clone, ioctl, socket, prlimit, *_), spawning = (
        _MACHINES[machine])
    cases = {number: [_give(_EPERM)]
             for group, numbers in {**denied, "shared": _SHARED}.items()
             if group != "signals" for number in numbers}
    cases |= {} if alone else _signals(machine, pid)
    cases |= {} if forks else {number: [_give(_EAGAIN)]
                               for number in spawning}
    # The flags of clone3 lie in memory, where a filter cannot look; the
    # C library falls back to clone.
    return cases | {_CLONE3: [_give(_ENOSYS)], clone: _clone(forks),
                    ioctl: _not(1, (_TIOCSTI, _TIOCLINUX)),
                    socket: _socket(network), prlimit: _only(0, (0, pid))}


def _tree(points: list[tuple[int, list[_Step]]]) -> list[_Step]:
    """Search by halves; each point holds from its number to the next.

    The kernel tries a new filter on every call it has, so the length of
    the way to an answer is paid hundreds of times per run.
    """
    if len(points) == 1:
        return points[0][1]
    middle = len(points) // 2
    below, above = _tree(points[:middle]), _tree(points[middle:])
    return [(_AT_LEAST, len(below), 0, points[middle][0]), *below, *above]


@functools.lru_cache(8)
def program(machine: str, pid: int, *, network: bool, forks: bool,
            alone: bool) -> bytes:
    """Return the filter as the kernel's eight-byte instructions.

    `alone` says that no foreign process is visible, so that signals need
    no filter.
    """
    cases = _cases(machine, pid, network, forks, alone)
    ends = {number + 1: [_give(_ALLOW)] for number in cases}
    points = {0: [_give(_ALLOW)]} | ends | cases
    # What is newer than this list is not there.
    points[_LAST_KNOWN + 1] = [_give(_ENOSYS)]
    steps: list[_Step] = [
        (_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, _MACHINES[machine][0]),
        _give(_KILL), (_LOAD, 0, 0, _NUMBER), *_tree(sorted(points.items()))]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


def install(pid: int, *, network: bool, forks: bool, alone: bool) -> None:
    """Filter this process for good; no_new_privs is set."""
    text = program(platform.machine(), pid, network=network, forks=forks,
                   alone=alone)
    steps = ctypes.create_string_buffer(text, len(text))
    record = _Program(len(text) // 8, ctypes.addressof(steps))
    kernel.prctl(kernel.PR_SET_SECCOMP, 2, ctypes.addressof(record))
