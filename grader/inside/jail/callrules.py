"""The rules for the system calls of a run: allowed, refused or pretended.

Calls are refused that reach out of the run, and calls by which one run
could pass something to another: a lock on a file that both can read, a hint
to the kernel about such a file, a count that the kernel keeps for a user or
for the whole machine. Where honest programs make such a call and do not
depend on it, the call returns success and does nothing. The module seccomp
translates the rules for the kernel.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

# What the filter can return, as the kernel's SECCOMP_RET_ values.
ALLOW, KILL, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
# The call returns 0 and does nothing.
PRETEND = _ERRNO
# How an argument is compared: BPF's jump instructions JEQ, JGE and JSET.
EQUAL, AT_LEAST, ANY_BIT = 0x15, 0x35, 0x45


def fails_with(code: int) -> int:
    """Return the act by which a call fails with an error number."""
    return _ERRNO | code


EPERM, EAGAIN, ENOSYS, EINVAL, ENOTTY, ENOMEM = map(fails_with, (
    errno.EPERM, errno.EAGAIN, errno.ENOSYS, errno.EINVAL, errno.ENOTTY,
    errno.ENOMEM))

# The comparison, the value, and the act if the comparison holds.
Test = tuple[int, int, int]


@dataclass(frozen=True)
class Rule:
    """How one argument of a call decides what becomes of the call.

    The first test that holds decides. Only the lower 32 bits are compared,
    since the kernel ignores the upper ones of all arguments named here.
    """

    argument: int
    tests: tuple[Test, ...]
    otherwise: int | Rule


@dataclass(frozen=True, kw_only=True)
class Situation:
    """What a run may do, and how it is isolated.

    `pid` is the run's own process id. With `alone` the run has namespaces
    of its own: it sees no process but its own, and can change only its own
    files. With `truncation` Landlock already keeps it from truncating
    other files.
    """

    pid: int
    network: bool = False
    forks: bool = False
    alone: bool = True
    truncation: bool = True


# These fail with EPERM.
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

# These fail with ENOSYS, as on an older kernel: the C library then does
# without, and no program calls the others.
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

# These return 0 and do nothing.
_PRETENDED = (
    # No file of a run is kept, so none has to reach the disk.
    "sync", "syncfs", "fsync", "fdatasync", "sync_file_range", "msync",
    # What the machine keeps of a file in memory, for everybody.
    "fadvise64", "readahead",
    # A run is one process: it has no other to lock out.
    "flock",
    # Processor time, also of others.
    "setpriority", "ioprio_set", "sched_setscheduler", "sched_setparam",
    "sched_setattr", "sched_setaffinity",
)

# Calls that Landlock lets pass also on files that are not the run's own.
_NO_CHANGES = (
    "chmod", "fchmod", "fchmodat", "fchmodat2", "chown", "lchown", "fchown",
    "fchownat", "utime", "utimes", "futimesat", "utimensat",
)
_NO_ATTRIBUTES = tuple(
    f"{way}{call}xattr" for way in ("", "l", "f")
    for call in ("get", "set", "list", "remove"))
# They report how full a disk is, which others write to as well.
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
    # FICLONE: pathlib then copies byte by byte.
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
    """Allow waiting on a word that only this process has in memory.

    A word without FUTEX_PRIVATE is found by its place in a file, and two
    runs may have mapped the same file. The C library waits that way for the
    end of a thread; after EAGAIN it looks again until the thread is gone.
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
    # Negative numbers are the clocks of devices and of other processes,
    # but also those of this process's threads, which are allowed.
    **dict.fromkeys(("clock_gettime", "clock_getres", "clock_nanosleep"),
                    Rule(0, ((ANY_BIT, _OF_THREAD, ALLOW),
                             (ANY_BIT, _NEGATIVE, EINVAL)), ALLOW)),
}


def _processes(situation: Situation) -> Iterator[tuple[str, int | Rule]]:
    """Yield the rules for starting processes and for sending signals.

    Signals from 32 on are queued, and the kernel counts the queued ones of
    a user over all runs.
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
    """Yield the rules for sockets: only a pair connected with each other.
    """
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
    """Yield the rules for a run that can see files of other runs."""
    yield from dict.fromkeys(_NO_CHANGES, PRETEND).items()
    yield from dict.fromkeys(_NO_ATTRIBUTES,
                             fails_with(errno.EOPNOTSUPP)).items()
    yield from dict.fromkeys(_NO_STATISTICS, ENOSYS).items()
    if truncation:
        return
    # Files can be truncated without being opened for writing.
    yield "truncate", EPERM
    for name, place in (("open", 1), ("openat", 2)):
        yield name, Rule(place, ((ANY_BIT, _O_WRITES, ALLOW),
                                 (ANY_BIT, _O_TRUNC, EPERM)), ALLOW)
