"""What becomes of each system call of a run: pure.

Refused is what reaches out of the run, and what lets one run tell another
something: a lock on a file that both can read, a hint about it, a count
that the kernel keeps for a user or for the whole machine. Where an honest
program may ask for such a thing and go on, it seems to succeed.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

ALLOW, KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
# The call returns 0 and does nothing.
PRETEND = _ERRNO
EQUAL, AT_LEAST, ANY_BIT = 0x15, 0x35, 0x45


def fails_with(code: int) -> int:
    """Return the act that lets a call fail with an error of errno's."""
    return _ERRNO | code


EPERM, EAGAIN, ENOSYS, EINVAL, ENOTTY, ENOMEM = map(fails_with, (
    errno.EPERM, errno.EAGAIN, errno.ENOSYS, errno.EINVAL, errno.ENOTTY,
    errno.ENOMEM))

# How an argument is compared, with what, and the act where that holds.
Test = tuple[int, int, int]


@dataclass(frozen=True)
class Rule:
    """What to do with a call by one of its arguments.

    The first test that holds decides. Only the lower 32 bits of the
    argument are compared, which are all that the kernel looks at there.
    """

    argument: int
    tests: tuple[Test, ...]
    otherwise: int | Rule


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a run may do, and what its surroundings are.

    `alone` says that it has namespaces of its own, so that it sees no
    foreign process and can change no file but its own; `truncation` that
    something else keeps it from truncating foreign files.
    """

    pid: int
    network: bool = False
    forks: bool = False
    alone: bool = True
    truncation: bool = True


_REFUSED = (
    # other processes
    "ptrace", "process_vm_readv", "process_vm_writev", "kcmp",
    "migrate_pages", "move_pages", "pidfd_getfd", "pidfd_send_signal",
    "process_madvise", "process_mrelease", "rt_sigqueueinfo",
    "rt_tgsigqueueinfo",
    # mounts and namespaces
    "pivot_root", "chroot", "mount", "umount2", "swapon", "swapoff",
    "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick",
    "mount_setattr", "statmount", "listmount", "unshare", "setns",
    # the kernel and its clocks
    "acct", "reboot", "sethostname", "setdomainname", "iopl", "ioperm",
    "create_module", "init_module", "finit_module", "delete_module",
    "get_kernel_syms", "query_module", "quotactl", "quotactl_fd",
    "nfsservctl", "syslog", "kexec_load", "kexec_file_load", "uselib",
    "sysfs", "vhangup", "modify_ldt", "_sysctl", "lookup_dcookie",
    "adjtimex", "settimeofday", "clock_settime", "clock_adjtime",
    "perf_event_open", "bpf", "userfaultfd", "personality",
    # A filter of its own may write to the log of the machine.
    "seccomp",
    # keys and handles
    "add_key", "request_key", "keyctl", "name_to_handle_at",
    "open_by_handle_at",
    # memory that no limit counts
    "memfd_create", "memfd_secret", "shmget", "shmat", "shmdt", "shmctl",
    "semget", "semop", "semtimedop", "semctl", "msgget", "msgsnd", "msgrcv",
    "msgctl", "mq_open", "mq_unlink", "io_uring_setup", "io_uring_enter",
    "io_uring_register",
    # A descriptor on its way to nowhere counts for the user, as a timer
    # and its signal do.
    "sendmsg", "sendmmsg", "timer_create",
    # where the pages of shared files lie
    "mbind", "get_mempolicy", "set_mempolicy", "set_mempolicy_home_node",
    # how much memory and how many processes the machine has left
    "sysinfo", "ustat",
)

# The C library does without these, or no program calls them.
_ABSENT = (
    # The flags of clone3 lie in memory, where a filter cannot look.
    "clone3",
    # Whether a page of a file, or a name of a folder, is in memory.
    "preadv2", "pwritev2", "mincore", "cachestat", "openat2",
    # What others do to a file.
    "inotify_init", "inotify_init1", "inotify_add_watch",
    "inotify_rm_watch", "fanotify_init", "fanotify_mark",
    # Slots that the machine has a fixed number of.
    "io_setup", "io_destroy", "io_submit", "io_cancel", "io_getevents",
    "io_pgetevents",
    # Its number counts all processes of the machine.
    "pidfd_open",
    "futex_wake", "futex_wait", "futex_waitv", "futex_requeue",
)

_PRETENDED = (
    # Nothing of a run is to stay, so nothing need reach the disk.
    "sync", "syncfs", "fsync", "fdatasync", "sync_file_range", "msync",
    # What the machine keeps of a file in memory, for everybody.
    "fadvise64", "readahead",
    # A run is one process: it has no other to lock out.
    "flock",
    # Processor time, also of others.
    "setpriority", "ioprio_set", "sched_setscheduler", "sched_setparam",
    "sched_setattr", "sched_setaffinity",
)

# What Landlock lets pass, on files that are not the run's own.
_NO_CHANGES = (
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchown",
    "fchownat", "utime", "utimes", "futimesat", "utimensat",
)
_NO_ATTRIBUTES = tuple(
    f"{way}{call}xattr" for way in ("", "l", "f")
    for call in ("get", "set", "list", "remove"))
# How full a disk is that others write to.
_NO_STATISTICS = ("statfs", "fstatfs")

_CLONE_THREAD, _CLONE_PIDFD = 0x00010000, 0x00001000
_CLONE_NEW = 0x7E020080
_O_WRITES, _O_TRUNC = 0x3, 0x200
_MAP_HUGETLB = 0x40000
_FUTEX_PRIVATE, _FUTEX_REALTIME = 128, 256
_FIRST_QUEUED_SIGNAL = 32
_NEGATIVE, _OF_THREAD = 0x80000000, 4
_UNIX, _INET, _INET6, _NETLINK = 1, 2, 10, 16
_STREAM, _NONBLOCK, _CLOEXEC = 1, 0x800, 0x80000

_FCNTL = {
    **dict.fromkeys((
        0, 1, 2, 3, 4, 1030,  # descriptors and their flags
        5, 36,                # who holds a lock, which no run does
        1027, 1028, 1032,     # more of a descriptor, the size of a pipe
    ), ALLOW),
    # Locks of one process never exclude itself, which is all that SQLite
    # asks of them.
    **dict.fromkeys((6, 7, 37, 38), PRETEND),
    1031: EPERM,  # the size of a pipe
}
_IOCTL = {
    0x5421: ALLOW,  # FIONBIO
    0x541B: ALLOW,  # FIONREAD
    0x5450: ALLOW,  # FIONCLEX
    0x5451: ALLOW,  # FIOCLEX
    # pathlib copies byte by byte then.
    0x40049409: fails_with(errno.EOPNOTSUPP),  # FICLONE
}
_MADVISE = {
    **dict.fromkeys((0, 1, 2, 4, 8, 9, 10, 11, 14, 15, 16, 17, 18, 19, 22,
                     23, 24, 102, 103), ALLOW),
    3: PRETEND,  # to read a file ahead
}
_PRCTL = {
    1: PRETEND,   # PR_SET_PDEATHSIG
    4: PRETEND,   # PR_SET_DUMPABLE: a core may be written elsewhere
    22: EPERM,    # PR_SET_SECCOMP
    62: EINVAL,   # PR_SCHED_CORE
    67: EINVAL,   # PR_SET_MEMORY_MERGE
}
# What numbers sockets, their networks and processes over all runs.
_SOCKET_NUMBERS = (57, 71, 77)


def rules(situation: Situation) -> dict[str, int | Rule]:
    """Return what becomes of each call that is not simply allowed."""
    found: dict[str, int | Rule] = {
        **dict.fromkeys(_REFUSED, EPERM), **dict.fromkeys(_ABSENT, ENOSYS),
        **dict.fromkeys(_PRETENDED, PRETEND), **_BY_ARGUMENT,
        "prlimit64": _only(0, (0, situation.pid))}
    found |= dict(_processes(situation)) | dict(_sockets(situation.network))
    if not situation.alone:
        found |= dict(_foreign_files(situation.truncation))
    return found


def _only(argument: int, allowed: Iterable[int], otherwise: int = EPERM
          ) -> Rule:
    return _by_value(argument, dict.fromkeys(allowed, ALLOW), otherwise)


def _by_value(argument: int, acts: Mapping[int, int],
              otherwise: int | Rule) -> Rule:
    return Rule(argument, tuple((EQUAL, value & 0xFFFFFFFF, act)
                                for value, act in acts.items()), otherwise)


def _where(argument: int, test: int, value: int, act: int,
           otherwise: int | Rule = ALLOW) -> Rule:
    return Rule(argument, ((test, value, act),), otherwise)


def _futex() -> Rule:
    """Allow waiting for what only this process has in memory.

    Others are found by the place of the word in a file, which every run
    may have mapped. The C library waits so for the end of a thread: it
    then looks again, and again, until there is no thread.
    """
    waits = {flag | wait: EAGAIN for wait in (0, 9)
             for flag in (0, _FUTEX_REALTIME)}
    return _where(1, ANY_BIT, _FUTEX_PRIVATE, ALLOW, _by_value(
        1, waits | {1: PRETEND, 10: PRETEND}, ENOSYS))


_BY_ARGUMENT: dict[str, int | Rule] = {
    "fcntl": _by_value(1, _FCNTL, EINVAL),
    "ioctl": _by_value(1, _IOCTL, ENOTTY),
    "madvise": _by_value(2, _MADVISE, EINVAL),
    "prctl": _by_value(0, _PRCTL, ALLOW),
    "mmap": _where(3, ANY_BIT, _MAP_HUGETLB, ENOMEM),
    "futex": _futex(),
    # Negative are the clocks of devices, of all processes and, which is
    # fine, of this one's threads.
    **dict.fromkeys(("clock_gettime", "clock_getres", "clock_nanosleep"),
                    Rule(0, ((ANY_BIT, _OF_THREAD, ALLOW),
                             (ANY_BIT, _NEGATIVE, EINVAL)), ALLOW)),
}


def _processes(situation: Situation) -> Iterator[tuple[str, int | Rule]]:
    """Yield what it may do to processes: start some, and send signals.

    Signals that queue up are counted for the user.
    """
    new = (ANY_BIT, _CLONE_NEW | _CLONE_PIDFD, EPERM)
    if situation.forks:
        yield "clone", Rule(0, (new,), ALLOW)
    else:
        thread = (ANY_BIT, _CLONE_THREAD, ALLOW)
        yield "clone", Rule(0, (new, thread), EAGAIN)
        yield from dict.fromkeys(("fork", "vfork"), EAGAIN).items()
        yield from dict.fromkeys(("execve", "execveat"), EPERM).items()
    pid, alone = situation.pid, situation.alone
    for name, place, own in (("kill", 1, (pid, 0, -pid)), ("tkill", 1, ()),
                             ("tgkill", 2, (pid,))):
        yield name, _where(place, AT_LEAST, _FIRST_QUEUED_SIGNAL, EPERM,
                           ALLOW if alone else _only(0, own))


def _sockets(network: bool) -> Iterator[tuple[str, int | Rule]]:
    """Yield what it may do with sockets: connect two of its own."""
    yield "getsockopt", _by_value(2, dict.fromkeys(
        _SOCKET_NUMBERS, fails_with(errno.ENOPROTOOPT)), ALLOW)
    if network:
        yield "socket", _only(0, (_UNIX, _INET, _INET6, _NETLINK))
        return
    kinds = [_STREAM | more for more in
             (0, _NONBLOCK, _CLOEXEC, _NONBLOCK | _CLOEXEC)]
    yield "socketpair", _where(0, AT_LEAST, _UNIX + 1, EPERM,
                               _only(1, kinds))
    # A message sent without an address has a length of 0 for it.
    yield "sendto", _only(5, (0,))
    yield from dict.fromkeys(("socket", "bind", "listen", "accept",
                              "accept4", "connect"), EPERM).items()


def _foreign_files(truncation: bool) -> Iterator[tuple[str, int | Rule]]:
    """Yield what must not be done where files of others are in sight."""
    yield from dict.fromkeys(_NO_CHANGES, PRETEND).items()
    yield from dict.fromkeys(_NO_ATTRIBUTES,
                             fails_with(errno.EOPNOTSUPP)).items()
    yield from dict.fromkeys(_NO_STATISTICS, ENOSYS).items()
    if truncation:
        return
    # Truncating takes no opening for writing.
    yield "truncate", EPERM
    for name, place in (("open", 1), ("openat", 2)):
        yield name, Rule(place, ((ANY_BIT, _O_WRITES, ALLOW),
                                 (ANY_BIT, _O_TRUNC, EPERM)), ALLOW)
