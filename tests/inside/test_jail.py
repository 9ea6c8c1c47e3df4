"""Each layer is tried by doing, in a forked child, what it forbids."""

from __future__ import annotations

import asyncio
import concurrent.futures.thread
import ctypes
import errno
import fcntl
import json
import os
import platform
import resource
import select
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from grader.inside.jail import jail
from grader.inside.jail.jail import (
    JailError, Limits, confine, fork_apart, own_processes, unshare_run)

if sys.platform != "linux":
    pytest.skip("the jail's layers are Linux's", allow_module_level=True)

from grader.inside.jail import hardening, kernel, landlock, seccomp
from grader.inside.jail.callnumbers import NUMBERS, MACHINES as KNOWN_MACHINES
from grader.inside.jail.callrules import (
    ALLOW, EAGAIN, ENOSYS, EPERM, KILL, PRETEND, Situation, fails_with, rules)

# Nobody may be unable to read this Python: load now what is loaded late.
"warm".encode("idna")

NOBODY = 65534
PATIENCE = 20.0

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


@pytest.fixture(params=["self", "nobody"])
def user(request: pytest.FixtureRequest) -> int | None:
    """Return whom to become: nobody, or None to stay who we are."""
    if request.param == "self":
        return None
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    return NOBODY


@pytest.fixture
def ordinary() -> int | None:
    """Return whom to become in order not to be root."""
    return NOBODY if os.geteuid() == 0 else None


@pytest.fixture
def scratch() -> Iterator[str]:
    path = tempfile.mkdtemp(prefix="grade-test-")
    os.chmod(path, 0o777)
    yield path
    subprocess.run(["rm", "-rf", path], check=True)


class Child:
    """A run: a parent with processes of its own, and the runner below it."""

    def __init__(self, body: Callable[[], Any], scratch: str, *,
                 user: int | None = None, private: bool = True,
                 limits: Limits = Limits(), **options: Any) -> None:
        jail.prepare()
        self.read, write = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.read)
            os._exit(self._parent(body, scratch, user, private, limits,
                                  write, options))
        os.close(write)

    def _parent(self, body: Callable[[], Any], scratch: str,
                user: int | None, private: bool, limits: Limits,
                write: int, options: dict[str, Any]) -> int:
        try:
            if user is not None:
                jail.drop_root(user, user)
            if private:
                own_processes()
            pid = fork_apart() if private else os.fork()
            if pid == 0:
                if private:
                    unshare_run(scratch, limits.file_mb)
                os.dup2(write, 3)
                confine(limits, scratch, **options)
                os.chdir(scratch)
                say(tried(body))
                os._exit(0)
            os.close(write)
            code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
            return code if code >= 0 else 128 - code
        except BaseException as error:
            os.write(write, json.dumps(f"set-up: {error!r}").encode())
            return 99

    def answer(self) -> Any:
        """Return what the body returned, or the name of its exception."""
        text = b""
        while part := self._part():
            text += part
        self.code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.read)
        return json.loads(text) if text else None

    def _part(self) -> bytes:
        ready, _, _ = select.select([self.read], [], [], PATIENCE)
        if not ready:
            os.kill(self.pid, signal.SIGKILL)
            raise AssertionError("the run did not end")
        return os.read(self.read, 1 << 16)


def say(value: Any) -> None:
    os.write(3, json.dumps(value).encode())


def tried(body: Callable[[], Any]) -> Any:
    try:
        return body()
    except BaseException as error:
        return type(error).__name__


def run(body: Callable[[], Any], scratch: str, **options: Any) -> Any:
    return Child(body, scratch, **options).answer()


def reads(path: str) -> str:
    with open(path, "rb") as file:
        file.read(1)
    return "read"


def writes(path: str, size: int = 1) -> str:
    with open(path, "wb") as file:
        file.write(bytes(size))
    return "written"


def test_all_layers_are_on_where_the_kernel_has_them(scratch: str) -> None:
    pid = os.fork()
    if pid == 0:
        abi = landlock.version()
        names = confine(Limits(), scratch)
        wanted = ["session", "rlimits", "capabilities"]
        wanted += [f"landlock {abi}"] * bool(abi)
        wanted += ["seccomp"] * seccomp.supported()
        os._exit(list(names) != wanted)
    assert os.waitpid(pid, 0)[1] == 0


def test_files_outside_the_scratch_cannot_be_read(
        scratch: str, user: int | None, tmp_path: Path) -> None:
    if not landlock.version():
        pytest.skip("this kernel has no Landlock")
    secret = Path(tempfile.gettempdir()) / f"grade-secret-{os.getpid()}"
    secret.write_text("answer")
    try:
        assert secret.stat().st_mode & 0o004
        paths = [str(secret), "/etc/passwd", "/proc/self/environ",
                 str(Path(__file__))]
        found = run(lambda: [tried(partial(reads, p)) for p in paths],
                    scratch, user=user)
    finally:
        secret.unlink()
    assert set(found) <= {"PermissionError", "FileNotFoundError"}


def test_listing_the_root_or_home_is_refused(scratch: str) -> None:
    if not landlock.version():
        pytest.skip("this kernel has no Landlock")
    folders = ["/", os.path.expanduser("~"),
               str(Path(__file__).parents[2])]
    assert run(lambda: [tried(partial(os.listdir, p)) for p in folders],
               scratch) == ["PermissionError"] * 3


def test_nothing_outside_the_scratch_can_be_changed(
        scratch: str, user: int | None) -> None:
    target = os.path.join(os.path.dirname(scratch), "grade-test-planted")
    assert run(lambda: tried(lambda: writes(target)), scratch,
               user=user) in ("PermissionError", "OSError")
    assert not os.path.exists(target)


@pytest.mark.parametrize("private, error", [
    # One is read-only, of the other Landlock keeps the run away.
    (True, "OSError"), (False, "PermissionError")])
def test_a_readable_folder_cannot_be_changed(
        private: bool, error: str, scratch: str, tmp_path: Path) -> None:
    if not landlock.version():
        pytest.skip("this kernel has no Landlock")
    (tmp_path / "file").write_text("text")
    file, new = str(tmp_path / "file"), str(tmp_path / "new")

    def body() -> Any:
        return [tried(partial(reads, file)), tried(partial(writes, file)),
                tried(partial(writes, new)), tried(partial(os.unlink, file))]

    assert run(body, scratch, readable=[str(tmp_path)],
               private=private) == ["read", *[error] * 3]


def test_the_scratch_is_empty_writable_and_vanishes(
        scratch: str, user: int | None) -> None:
    Path(scratch, "earlier").write_text("from another run")

    def body() -> Any:
        found = os.listdir(scratch)
        os.mkdir("folder")
        writes("file")
        os.rename("file", "folder/file")
        return [found, os.listdir("folder")]

    assert run(body, scratch, user=user) == [[], ["file"]]
    assert os.listdir(scratch) == ["earlier"]


def test_proc_shows_nothing(scratch: str, user: int | None) -> None:
    assert run(lambda: os.listdir("/proc"), scratch, user=user,
               readable=["/proc"]) == []


def test_the_network_is_closed(scratch: str, user: int | None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()

        def body() -> Any:
            return [
                tried(lambda: socket.create_connection(address, 1)),
                tried(lambda: socket.socket(type=socket.SOCK_DGRAM)),
                tried(lambda: socket.socket(socket.AF_NETLINK)),
                tried(lambda: socket.socket(socket.AF_VSOCK)),
            ]

        assert run(body, scratch, user=user) == ["PermissionError"] * 4


def test_landlock_alone_closes_tcp(
        scratch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if landlock.version() < 4:
        pytest.skip("this kernel's Landlock does not know TCP")
    monkeypatch.setattr(seccomp, "supported", lambda: False)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()
        assert run(lambda: tried(lambda: socket.create_connection(address)),
                   scratch) == "PermissionError"


def test_the_network_opens_on_request(scratch: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()

        def body() -> str:
            socket.create_connection(address, 5).close()
            return "connected"

        assert run(body, scratch, network=True) == "connected"


def test_a_run_has_one_process_unless_it_may_fork(
        scratch: str, user: int | None) -> None:
    def body() -> Any:
        return [tried(os.fork),
                tried(lambda: subprocess.run(["/usr/bin/true"]))]

    assert run(body, scratch, user=user) == ["BlockingIOError"] * 2


def test_a_fork_bomb_is_capped(scratch: str, ordinary: int | None) -> None:
    def body() -> int:
        for count in range(100):
            try:
                if os.fork() == 0:
                    time.sleep(PATIENCE)
            except BlockingIOError:
                return count
        return 100

    assert run(body, scratch, user=ordinary,
               limits=Limits(forks=True, processes=8)) in (6, 7)


def test_two_runs_do_not_share_the_limit_of_processes(
        scratch: str, ordinary: int | None) -> None:
    def body() -> int:
        for _ in range(5):
            if os.fork() == 0:
                time.sleep(PATIENCE)
        time.sleep(0.2)
        return 5

    limits = Limits(forks=True, processes=8)
    both = [Child(body, scratch, user=ordinary, limits=limits)
            for _ in range(2)]
    assert [child.answer() for child in both] == [5, 5]


def test_a_thread_bomb_is_capped(scratch: str, ordinary: int | None) -> None:
    def body() -> int:
        end = threading.Event()
        for count in range(100):
            try:
                threading.Thread(target=end.wait, daemon=True).start()
            except RuntimeError:
                return count
        return 100

    assert run(body, scratch, user=ordinary,
               limits=Limits(processes=8)) in (6, 7)


def test_memory_is_limited(scratch: str, user: int | None) -> None:
    limits = Limits(memory_mb=256)
    assert run(lambda: len(bytearray(300 << 20)), scratch, user=user,
               limits=limits) == "MemoryError"
    assert run(lambda: len(bytearray(20 << 20)), scratch, user=user,
               limits=limits) == 20 << 20


def test_limits_cannot_be_raised(scratch: str, user: int | None) -> None:
    def body() -> Any:
        return [tried(partial(resource.setrlimit, kind, (1 << 34,) * 2))
                for kind in (resource.RLIMIT_AS, resource.RLIMIT_FSIZE,
                             resource.RLIMIT_NPROC, resource.RLIMIT_CPU)]

    assert set(run(body, scratch, user=user)) <= {
        "ValueError", "PermissionError"}


def test_the_cpu_limit_beats_every_ignored_signal(
        scratch: str, user: int | None) -> None:
    def body() -> None:
        for number in signal.valid_signals():
            try:
                signal.signal(number, signal.SIG_IGN)
            except (OSError, ValueError):
                pass
        while True:
            pass

    child = Child(body, scratch, user=user, limits=Limits(cpu_seconds=1))
    assert child.answer() is None
    assert child.code == 128 + signal.SIGKILL


def test_no_process_outlives_the_init_of_a_run(
        scratch: str, user: int | None) -> None:
    def body() -> str:
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                # This one holds the pipe open for as long as it lives.
                signal.pause()
            os._exit(0)
        time.sleep(0.1)
        return "left"

    started = time.monotonic()
    assert run(body, scratch, user=user, limits=Limits(forks=True)) == "left"
    assert time.monotonic() - started < PATIENCE


def test_files_and_inodes_are_limited(scratch: str) -> None:
    def files() -> int:
        for count in range(5000):
            try:
                writes(f"file{count}", 0)
            except OSError:
                return count
        return 5000

    assert run(lambda: tried(lambda: writes("big", 9 << 20)),
               scratch) == "OSError"
    assert 900 < run(files, scratch) < 1100


def test_a_file_is_limited_outside_a_private_scratch(scratch: str) -> None:
    assert run(lambda: tried(lambda: writes("big", 9 << 20)), scratch,
               private=False) == "OSError"
    assert os.path.getsize(os.path.join(scratch, "big")) == 8 << 20


def test_only_four_descriptors_stay_open(scratch: str) -> None:
    extra = [os.open("/dev/null", os.O_RDONLY) for _ in range(10)]
    os.set_inheritable(extra[0], True)

    def is_open(fd: int) -> bool:
        try:
            os.fstat(fd)
        except OSError:
            return False
        return True

    try:
        found = run(lambda: [fd for fd in range(300) if is_open(fd)],
                    scratch)
    finally:
        for fd in extra:
            os.close(fd)
    assert set(found) <= {0, 1, 2, 3}


def test_nobody_outside_can_be_signalled(scratch: str) -> None:
    parent = os.getpid()
    assert run(lambda: tried(lambda: os.kill(parent, 0)),
               scratch) == "ProcessLookupError"


def test_nobody_outside_can_be_signalled_without_namespaces(
        scratch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = os.getpid()

    def body() -> Any:
        os.kill(os.getpid(), 0)
        return [tried(lambda: os.kill(parent, 0)),
                tried(lambda: os.kill(-1, 0)),
                tried(lambda: resource.prlimit(parent,
                                               resource.RLIMIT_CORE))]

    refused = ["PermissionError"] * 3
    assert run(body, scratch, private=False) == refused
    # The filter refuses it too where Landlock is too old for signals.
    monkeypatch.setattr(landlock, "version", lambda: 0)
    assert run(body, scratch, private=False) == refused


def test_no_capability_and_no_new_privilege_is_left(scratch: str) -> None:
    def body() -> Any:
        with open("/proc/self/status", encoding="ascii") as file:
            said = dict(line.split(":", 1) for line in file)
        return [said[name].strip() for name in
                ("CapInh", "CapPrm", "CapEff", "CapAmb", "NoNewPrivs",
                 "Seccomp")]

    assert run(body, scratch, private=False, readable=["/proc"]) == [
        "0" * 16] * 4 + ["1", "2"]


def called(name: str | int, *words: int) -> int:
    """Make a system call and return what came, an error as -errno."""
    number = name if isinstance(name, int) else NUMBERS[name][
        KNOWN_MACHINES.index(platform.machine())]
    assert number is not None
    # Words that ctypes is to take for pointers.
    result = kernel.libc().syscall(number, *(*words, *(0,) * 5)[:5])
    return int(result) if result >= 0 else -ctypes.get_errno()


@pytest.mark.parametrize("name", [
    "ptrace", "process_vm_readv", "mount", "umount2", "pivot_root",
    "unshare", "setns", "bpf", "userfaultfd", "perf_event_open", "keyctl",
    "add_key", "io_uring_setup", "memfd_create", "open_by_handle_at",
    "pidfd_getfd", "kexec_load", "init_module", "finit_module", "chroot",
    "shmget", "shmat", "semop", "msgget", "msgrcv", "mq_open", "mq_unlink",
    "fsopen", "move_mount", "personality", "reboot", "syslog", "seccomp",
    "sysinfo", "timer_create", "rt_sigqueueinfo", "execve", "sendmsg",
    "get_mempolicy",
])
def test_a_dangerous_call_is_refused(name: str, scratch: str) -> None:
    needs_numbers()
    assert run(lambda: called(name), scratch) == -errno.EPERM


def test_unknown_calls_do_not_exist(scratch: str) -> None:
    needs_numbers()
    assert run(lambda: [called(number) for number in (435, 469, 500)],
               scratch) == [-errno.ENOSYS] * 3


def needs_numbers() -> None:
    if not seccomp.supported():
        pytest.skip("the numbers of this machine are not known")


# In a run that has namespaces of its own, and in one that has not.
either = pytest.mark.parametrize("private", [True, False])


@either
def test_a_lock_that_another_holds_is_not_noticed(
        private: bool, scratch: str, tmp_path: Path) -> None:
    needs_numbers()
    path = tmp_path / "file"
    path.touch()

    def body() -> Any:
        with open(path) as file, open(os.devnull, "wb") as null:
            return [tried(lambda: fcntl.flock(file, fcntl.LOCK_EX
                                              | fcntl.LOCK_NB)),
                    tried(lambda: fcntl.lockf(null, fcntl.LOCK_EX
                                              | fcntl.LOCK_NB))]

    with open(path) as file, open(os.devnull, "wb") as null:
        fcntl.flock(file, fcntl.LOCK_EX)
        fcntl.lockf(null, fcntl.LOCK_EX)
        assert run(body, scratch, readable=[str(tmp_path)],
                   private=private) == [None, None]


@either
def test_times_modes_and_attributes_of_others_stay(
        private: bool, scratch: str, tmp_path: Path) -> None:
    needs_numbers()
    path = tmp_path / "file"
    path.write_text("text")
    changed = [str(path), str(tmp_path), os.devnull]
    before = [os.stat(each) for each in changed]
    calls: list[Callable[[str], Any]] = [
        lambda each: os.utime(each, (1, 1)), lambda each: os.utime(each),
        lambda each: os.chmod(each, 0o777),
        lambda each: os.chown(each, -1, -1),
        lambda each: os.setxattr(each, "user.mark", b"x")]
    tried(lambda: os.setxattr(path, "user.known", b"x"))
    known = os.listxattr(path)

    def body() -> Any:
        # Where nothing is private, they cannot be read either.
        assert tried(lambda: os.listxattr(path)) == (
            known if private else "OSError")
        return [str(tried(partial(call, each))) for each in changed
                for call in calls]

    said = run(body, scratch, readable=[str(tmp_path)], private=private)
    assert set(said) == ({"OSError"} if private else {"None", "OSError"})
    assert [os.stat(each) for each in changed] == before
    assert os.listxattr(path) == known


@pytest.mark.parametrize("flags", [os.O_RDONLY | os.O_TRUNC, None])
def test_an_old_landlock_lets_nobody_truncate_files_of_others(
        flags: int | None, scratch: str, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    needs_numbers()
    if not landlock.version():
        pytest.skip("this kernel has no Landlock")
    monkeypatch.setattr(landlock, "version", lambda: 2)
    path = str(tmp_path / "file")
    Path(path).write_text("text")

    def body() -> Any:
        open("own", "w").close()
        return tried(lambda: os.truncate(path, 0) if flags is None
                     else os.open(path, flags))

    assert run(body, scratch, readable=[str(tmp_path)],
               private=False) == "PermissionError"
    assert Path(path).read_text() == "text"


@either
def test_a_page_of_a_file_is_no_place_to_wait_at(
        private: bool, scratch: str, tmp_path: Path) -> None:
    needs_numbers()
    path = tmp_path / "file"
    path.write_bytes(bytes(4096))

    def body() -> Any:
        with open(path, "rb") as file:
            page = kernel.libc().mmap(None, 4096, 1, 1, file.fileno(), 0)
        soon = (ctypes.c_long * 2)(0, 1000)
        return [called("futex", page, 0, 0, ctypes.addressof(soon)),
                called("futex", page, 1, 1)]

    kernel.libc().mmap.restype = ctypes.c_void_p
    assert run(body, scratch, readable=[str(tmp_path)],
               private=private) == [-errno.EAGAIN, 0]


@either
def test_priorities_and_processors_of_others_stay(
        private: bool, scratch: str) -> None:
    needs_numbers()
    parent = os.getpid()

    def look() -> Any:
        return [os.getpriority(os.PRIO_PROCESS, parent),
                os.sched_getscheduler(parent),
                sorted(os.sched_getaffinity(parent))]

    def body() -> Any:
        idle = os.sched_param(0)
        return [tried(lambda: os.setpriority(os.PRIO_PROCESS, parent, 5)),
                tried(lambda: os.setpriority(os.PRIO_USER, os.getuid(), 5)),
                tried(lambda: os.sched_setscheduler(
                    parent, os.SCHED_IDLE, idle)),
                tried(lambda: os.sched_setaffinity(parent, {0})),
                tried(lambda: os.nice(5))]

    before = look()
    assert run(body, scratch, private=private) == [None] * 4 + [before[0]]
    assert look() == before


@either
def test_what_the_kernel_knows_of_files_is_not_told(
        private: bool, scratch: str, tmp_path: Path) -> None:
    needs_numbers()
    path = tmp_path / "file"
    path.write_text("text")
    hint, flags = 1035, 0x80086601  # F_GET_RW_HINT, FS_IOC_GETFLAGS

    def body() -> Any:
        with open(path, "rb") as file:
            return [tried(lambda: fcntl.fcntl(file, fcntl.F_GETLEASE)),
                    tried(lambda: fcntl.fcntl(file, hint, bytes(8))),
                    tried(lambda: fcntl.ioctl(file, flags, bytes(8))),
                    tried(lambda: os.preadv(file.fileno(), [bytearray(1)], 0,
                                            os.RWF_NOWAIT)),
                    os.preadv(file.fileno(), [bytearray(9)], 0),
                    *map(called, ("mincore", "cachestat", "openat2",
                                  "inotify_init1", "io_setup"))]

    assert run(body, scratch, readable=[str(tmp_path)], private=private) == [
        "OSError"] * 4 + [4] + [-errno.ENOSYS] * 5


@either
def test_a_run_is_connected_with_itself_alone(
        private: bool, scratch: str) -> None:
    needs_numbers()
    path = scratch + "-socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)
        os.chmod(path, 0o777)
        server.listen()

        def body() -> Any:
            one, two = socket.socketpair()
            one.sendall(b"text")
            address = ctypes.create_string_buffer(struct.pack(
                "=H108s", socket.AF_UNIX, path.encode()))
            return [two.recv(9).decode(),
                    called("connect", one.fileno(),
                           ctypes.addressof(address), 110),
                    *(tried(each) for each in (
                        lambda: socket.socket(socket.AF_UNIX),
                        lambda: socket.socketpair(type=socket.SOCK_DGRAM),
                        lambda: one.bind("\0name"),
                        lambda: socket.send_fds(one, [b"x"], [0])))]

        try:
            assert run(body, scratch, private=private) == [
                "text", -errno.EPERM] + ["PermissionError"] * 4
        finally:
            os.unlink(path)


@either
def test_no_core_is_handed_to_the_machine(
        private: bool, scratch: str) -> None:
    def body() -> Any:
        return [kernel.prctl(kernel.PR_SET_DUMPABLE, 1), kernel.prctl(3)]

    assert run(body, scratch, private=private) == [0, 0]


def test_what_is_hidden_cannot_be_read_without_namespaces(
        scratch: str, tmp_path: Path) -> None:
    if not landlock.version():
        pytest.skip("this kernel has no Landlock")
    names = ["free/file", "course/suite", "course/lib/package", "file"]
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    (tmp_path / "link").symlink_to("course/suite")
    names.append("link")

    def body() -> Any:
        return [tried(partial(reads, str(tmp_path / name)))
                for name in names]

    course = tmp_path / "course"
    assert run(body, scratch, private=False,
               readable=[str(tmp_path), str(course / "lib")],
               hidden=[str(course)]) == [
        "read", "PermissionError", "read", "read", "PermissionError"]


def test_course_code_runs(scratch: str, user: int | None) -> None:
    def database() -> Any:
        with sqlite3.connect("users.db") as connection:
            connection.execute("create table users (id integer)")
            connection.execute("insert into users values (7)")
            return connection.execute("select * from users").fetchall()

    async def together() -> list[int]:
        return await asyncio.gather(*(asyncio.sleep(0.01, number)
                                      for number in range(3)))

    def threads() -> list[int]:
        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            return list(pool.map(lambda n: len(bytes(n << 16)), range(3)))

    def two_at_once(mode: str) -> Any:
        one, two = (sqlite3.connect(f"{mode}.db", timeout=0)
                    for _ in range(2))
        one.execute(f"pragma journal_mode={mode}")
        with one:
            one.execute("create table users (id integer)")
            one.execute("insert into users values (7)")
        one.execute("insert into users values (8)")
        refused = tried(lambda: two.execute("insert into users values (9)"))
        one.rollback()
        return [refused, two.execute("select * from users").fetchall()]

    def temporary() -> str:
        with tempfile.TemporaryFile(dir=scratch) as file:
            file.write(b"x")
        return "fine"

    def body() -> Any:
        return [tried(database), tried(partial(two_at_once, "wal")),
                tried(partial(two_at_once, "delete")),
                tried(lambda: asyncio.run(together())),
                tried(threads), tried(temporary),
                tried(lambda: writes("/dev/null"))]

    assert run(body, scratch, user=user) == [
        [[7]], *[["OperationalError", [[7]]]] * 2, [0, 1, 2],
        [0, 1 << 16, 2 << 16], "fine", "written"]


def test_imports_work_when_the_jail_is_closed(scratch: str) -> None:
    names = ["xml.dom.minidom", "wave", "parameterized", "mypy.stubgen"]
    fresh = [name for name in names if name not in sys.modules]
    assert fresh
    assert run(lambda: [__import__(name) and name for name in fresh],
               scratch) == fresh


def test_a_refused_namespace_is_an_error_with_a_reason(
        scratch: str) -> None:
    def body() -> str:
        try:
            unshare_run(scratch, 1)
        except JailError as error:
            return str(error)
        return "done"

    assert run(body, scratch) == "unshare: Operation not permitted"


def test_a_missing_scratch_is_an_error_with_a_reason(scratch: str) -> None:
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            unshare_run(scratch + "/absent", 1)
        except JailError as error:
            os.write(write, str(error).encode())
        os._exit(0)
    os.close(write)
    with open(read, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    assert text == f"mount {scratch}/absent: No such file or directory"


def test_a_layer_that_is_missing_is_left_out(
        scratch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "version", lambda: 0)
    monkeypatch.setattr(seccomp, "supported", lambda: False)
    assert list(hardening.close_files([], [], False)) == []
    assert list(hardening.close_calls(False, False, True)) == []


def test_root_becomes_nobody_for_good() -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can drop root")
    pid = os.fork()
    if pid == 0:
        jail.drop_root(NOBODY, NOBODY)
        os._exit(os.getresuid() != (NOBODY,) * 3
                 or os.getresgid() != (NOBODY,) * 3
                 or os.getgroups() != []
                 or tried(lambda: os.setuid(0)) != "PermissionError")
    assert os.waitpid(pid, 0)[1] == 0


def test_root_may_go_on_reading_as_nobody(tmp_path: Path) -> None:
    if os.geteuid() != 0 or not landlock.version():
        pytest.skip("only root can drop root, and Landlock is needed")
    closed, elsewhere = tmp_path / "closed", tmp_path / "elsewhere"
    for folder in closed, elsewhere:
        folder.mkdir(mode=0o700)
        (folder / "file").write_text("text")
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        jail.drop_root(NOBODY, NOBODY, reads=True)
        os.dup2(write, 3)
        confine(Limits(), None, readable=[str(closed)])
        say([os.getresuid(), tried(lambda: reads(f"{closed}/file")),
             tried(lambda: reads(f"{elsewhere}/file")),
             tried(lambda: writes(f"{closed}/file")),
             tried(lambda: os.setuid(0))])
        os._exit(0)
    os.close(write)
    with open(read) as pipe:
        said = json.load(pipe)
    os.waitpid(pid, 0)
    assert said == [[NOBODY] * 3, "read"] + ["PermissionError"] * 3


def test_other_platforms_get_an_empty_jail() -> None:
    program = (
        "import ctypes, dataclasses, functools, os, sys, collections.abc\n"
        "sys.path.insert(0, sys.argv[1]); sys.modules['resource'] = None\n"
        "sys.platform = 'win32'\n"
        "from grader.inside.jail import jail\n"
        "jail.prepare(); jail.drop_root(1, 1)\n"
        "assert jail.confine(jail.Limits(), None) == ()\n"
        "for step in (jail.own_processes, jail.fork_apart,\n"
        "             lambda: jail.unshare_run('x', 1)):\n"
        "    try: step()\n"
        "    except jail.JailError: pass\n"
        "    else: sys.exit('no error')\n")
    root = str(Path(__file__).parents[2])
    done = subprocess.run([sys.executable, "-c", program, root],
                          capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


ARCHES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}


def judged(program: bytes, number: int, arch: int, *arguments: int) -> int:
    """Run a filter as the kernel would."""
    words = [word & (1 << 64) - 1 for word in (*arguments, *[0] * 6)[:6]]
    data = struct.pack("=iIQ6Q", number, arch, 0, *words)
    steps = list(struct.iter_unpack("=HBBI", program))
    value = place = 0
    while True:
        code, yes, no, operand = steps[place]
        if code == 0x06:
            return int(operand)
        if code == 0x20:
            value = struct.unpack_from("=I", data, operand)[0]
        elif code == 0x05:
            place += operand
        else:
            test = {0x15: value == operand, 0x35: value >= operand,
                    0x45: bool(value & operand)}[code]
            place += yes if test else no
        place += 1


@pytest.mark.parametrize("machine", ARCHES)
def test_the_filter_knows_the_calls_of_each_machine(machine: str) -> None:
    arch, column = ARCHES[machine], KNOWN_MACHINES.index(machine)
    text = seccomp.program(machine, Situation(pid=1))
    for name, rule in rules(Situation(pid=1)).items():
        number = NUMBERS[name][column]
        if number is not None and isinstance(rule, int):
            assert judged(text, number, arch) == rule, name
    clone = number_of("clone", column)
    assert judged(text, clone, arch ^ 1) == KILL
    assert judged(text, clone, arch, 0x3D0F00) == ALLOW
    assert judged(text, clone, arch, 0x3D0F00 | 0x10000000) == EPERM
    assert judged(text, clone, arch, 17) == EAGAIN
    for beyond in 463, 0x40000000 | clone:
        assert judged(text, beyond, arch) == ENOSYS
    for name in ("socket", "bind", "connect"):
        assert judged(text, number_of(name, column), arch, 1) == EPERM
    allowed = sum(judged(text, n, arch, 1) == ALLOW for n in range(463))
    assert 250 < allowed < 330


@pytest.mark.parametrize("machine", ARCHES)
def test_the_filter_opens_only_what_is_asked_for(machine: str) -> None:
    arch, column = ARCHES[machine], KNOWN_MACHINES.index(machine)
    text = seccomp.program(machine, Situation(
        pid=7, network=True, forks=True, alone=False))
    said = {name: lambda *words, number=number_of(name, column): judged(
        text, number, arch, *words) for name in
        ("clone", "execve", "socket", "connect", "kill")}
    assert said["clone"](17) == said["execve"]() == ALLOW
    assert said["socket"](2) == said["connect"](3) == ALLOW
    assert said["socket"](40) == EPERM
    assert said["kill"](7, 9) == said["kill"](-7, 9) == ALLOW
    assert said["kill"](8, 9) == said["kill"](-1, 9) == EPERM
    assert said["kill"](7, 34) == EPERM


@pytest.mark.parametrize("machine", ARCHES)
def test_arguments_decide_over_some_calls(machine: str) -> None:
    arch, column = ARCHES[machine], KNOWN_MACHINES.index(machine)
    text = seccomp.program(machine, Situation(pid=1))
    for name, words, act in ARGUMENTS:
        assert judged(text, number_of(name, column), arch, *words) == act, (
            name, words)


ARGUMENTS: list[tuple[str, tuple[int, ...], int]] = [
    ("fcntl", (3, fcntl.F_GETFL), ALLOW),
    ("fcntl", (3, fcntl.F_DUPFD_CLOEXEC), ALLOW),
    ("fcntl", (3, fcntl.F_SETLK), PRETEND),
    ("fcntl", (3, fcntl.F_SETOWN, 1), fails_with(errno.EINVAL)),
    ("ioctl", (3, termios.FIONREAD), ALLOW),
    ("ioctl", (3, termios.TIOCSTI), fails_with(errno.ENOTTY)),
    ("futex", (64, 129), ALLOW), ("futex", (64, 1), PRETEND),
    ("futex", (64, 0), EAGAIN), ("futex", (64, 6), ENOSYS),
    ("clock_gettime", (1,), ALLOW),
    ("clock_gettime", (~5 << 3 | 6,), ALLOW),
    ("clock_gettime", (~5 << 3 | 2,), fails_with(errno.EINVAL)),
    ("socketpair", (1, 0x80001), ALLOW), ("socketpair", (1, 2), EPERM),
    ("socketpair", (2, 1), EPERM),
    ("sendto", (3, 64, 1, 0, 0, 0), ALLOW),
    ("sendto", (3, 64, 1, 0, 1 << 32, 16), EPERM),
    ("mmap", (0, 4096, 3, 0x22), ALLOW),
    ("mmap", (0, 4096, 3, 0x40022), fails_with(errno.ENOMEM)),
    ("madvise", (0, 4096, 4), ALLOW), ("madvise", (0, 4096, 3), PRETEND),
    ("madvise", (0, 4096, 21), fails_with(errno.EINVAL)),
    ("prctl", (4, 1), PRETEND), ("prctl", (15, 64), ALLOW),
    ("tgkill", (1, 1, 15), ALLOW), ("tgkill", (1, 1, 34), EPERM),
]


def number_of(name: str, column: int) -> int:
    number = NUMBERS[name][column]
    assert number is not None
    return number
