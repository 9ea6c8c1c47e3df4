"""Makes a Python on Linux as poor as one on Windows, to try the grader in.

What Windows lacks is taken away, and sys.platform says "win32". The
standard library is imported before and stays Linux's, so this shows that
the grader asks for nothing that is not there; it does not show that all
of it works on Windows.
"""

from __future__ import annotations

import builtins
import importlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

# Modules that cannot be imported once sys.platform says "win32", or that are
# made poor.
_STANDARD = (
    "asyncio", "multiprocessing.connection", "multiprocessing.popen_fork",
    "multiprocessing.popen_spawn_posix", "multiprocessing.resource_tracker",
    "multiprocessing.spawn", "select", "selectors", "shutil", "signal",
    "socket", "ssl", "subprocess", "time")
_NO_MODULES = ("fcntl", "grp", "posix", "pty", "pwd", "resource", "termios",
               "tty")
_NO_NAMES = {
    "os": (
        "O_CLOEXEC", "O_DIRECTORY", "O_NOFOLLOW", "O_NONBLOCK", "O_PATH",
        "P_PID", "WEXITED", "WNOWAIT", "chown", "chroot", "fchdir",
        "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid",
        "getgid", "getgroups", "getloadavg", "getpgid", "getpgrp", "getsid",
        "getuid", "killpg", "lchown", "memfd_create", "mkfifo", "mknod",
        "nice", "pidfd_open", "posix_spawn", "pread", "pwrite",
        "sched_getaffinity", "setgid", "setgroups", "setpgid", "setsid",
        "setuid", "uname", "wait", "wait3", "wait4", "waitid"),
    "signal": (
        "ITIMER_PROF", "ITIMER_REAL", "SIGALRM", "SIGCHLD", "SIGCONT",
        "SIGHUP", "SIGKILL", "SIGPIPE", "SIGPROF", "SIGQUIT", "SIGSTOP",
        "SIGTSTP", "SIGUSR1", "SIGWINCH", "SIGXCPU", "alarm", "pause",
        "setitimer", "sigwait"),
    "socket": ("recv_fds", "send_fds"),
    "time": ("clock_gettime", "pthread_getcpuclockid"),
}
_NO_OPTIONS = {"pass_fds", "preexec_fn", "process_group",
               "start_new_session", "user", "group", "extra_groups"}
_KILL, _BREAK = 9, 3


def become() -> None:
    """Be like Windows from now on, and let child processes be so too."""
    for name in _STANDARD:
        importlib.import_module(name)
    sys.modules["msvcrt"] = _msvcrt()
    _poor_processes()
    _poor_waiting()
    _guard_open_files()
    for name in _NO_MODULES:
        sys.modules[name] = None  # type: ignore[assignment]
    for module, names in _NO_NAMES.items():
        for name in names:
            if hasattr(sys.modules[module], name):
                delattr(sys.modules[module], name)
    _spare_mypy()
    sys.platform = "win32"


@contextmanager
def _seeing(platform: str) -> Iterator[None]:
    real, sys.platform = sys.platform, platform
    try:
        yield
    finally:
        sys.platform = real


def _on(platform: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that sees another platform while it runs."""
    def seeing(*words: Any, **options: Any) -> Any:
        with _seeing(platform):
            return function(*words, **options)
    return seeing


def _spare_mypy() -> None:
    """Let mypy, and psutil for it, see Linux: they were compiled for it."""
    for place, name in ((builtins, "__import__"),
                        (importlib, "import_module")):
        setattr(place, name, _sparing(getattr(place, name)))


def _sparing(real: Callable[..., Any]) -> Callable[..., Any]:
    def importing(name: str, *rest: Any, **options: Any) -> Any:
        if name.partition(".")[0] not in ("mypy", "psutil"):
            return real(name, *rest, **options)
        with _seeing("linux"):
            module = real(name, *rest, **options)
        build: Any = sys.modules.get("mypy.build")
        if hasattr(build, "build") and "spared" not in vars(build):
            build.build, build.spared = _asking_linux(build.build), True
        return module
    return importing


def _asking_linux(build: Callable[..., Any]) -> Callable[..., Any]:
    """Return mypy's build for Linux, which this machine's cache is for."""
    def building(sources: Any, options: Any, *words: Any, **more: Any) -> Any:
        options.platform = "linux"
        return _on("linux", build)(sources, options, *words, **more)
    return building


def _msvcrt() -> ModuleType:
    """Return a msvcrt that the terminal of Linux stands behind."""
    import fcntl
    import select
    import termios
    import tty

    module: Any = ModuleType("msvcrt")
    flock, flags = fcntl.flock, fcntl.LOCK_EX | fcntl.LOCK_NB
    wait, cbreak, now = select.select, tty.setcbreak, termios.TCSANOW

    def kbhit() -> bool:
        cbreak(0, now)
        return bool(wait([0], [], [], 0)[0])

    module.kbhit = kbhit
    module.getwch = lambda: os.read(0, 1).decode()
    module.LK_NBLCK = 2
    module.locking = lambda fd, mode, size: flock(fd, flags)
    assert isinstance(module, ModuleType)
    return module


def _poor_processes() -> None:
    import subprocess
    from multiprocessing import popen_fork, spawn

    class Popen(subprocess.Popen[Any]):
        """Refuses what it does on Windows, and hands all this on."""

        def __init__(self, args: Any, *, creationflags: int = 0,
                     **options: Any) -> None:
            if refused := _NO_OPTIONS & options.keys():
                raise ValueError(f"{refused} on Windows")
            super().__init__(_handing_on(args), **options)

        def kill(self) -> None:
            self.send_signal(_KILL)

    command = spawn.get_command_line
    places: dict[Any, dict[str, Any]] = {
        subprocess: {"Popen": Popen, "CREATE_NO_WINDOW": 1,
                     "_USE_POSIX_SPAWN": False},
        popen_fork.Popen: {"kill": lambda self: self._send_signal(_KILL)},
        # No environment reaches the workers of a cohort either.
        spawn: {"get_command_line": lambda **options: _becoming(
                    command(**options)),
                "spawn_main": _on("linux", spawn.spawn_main),
                "_main": _on("win32", getattr(spawn, "_main"))}}
    for place, values in places.items():
        for name, value in values.items():
            setattr(place, name, value)


def _handing_on(args: Any) -> list[str]:
    """Change a call of an isolated Python: no environment reaches it."""
    words = list(map(os.fspath, args))
    return _becoming(words) if "-I" in words else words


def _becoming(words: list[str]) -> list[str]:
    at = words.index("-c") + 1
    words[at] = (f"import sys; sys.path.insert(0, {str(ROOT)!r}); "
                 "from tests.helpers import windowslike; del sys.path[0]; "
                 f"windowslike.become(); {words[at]}")
    return words


def _poor_waiting() -> None:
    import asyncio
    import select
    import selectors
    import signal

    def refuse(*args: object) -> None:
        raise OSError("only sockets can be waited for on Windows")

    places: dict[Any, dict[str, Any]] = {
        select: {"select": refuse},
        selectors: {"DefaultSelector": selectors.SelectSelector},
        asyncio: {"WindowsSelectorEventLoopPolicy":
                  asyncio.DefaultEventLoopPolicy},
        signal: {"SIGBREAK": _BREAK},
        shutil: {"_use_fd_functions": False, "which": lambda *a, **k: None}}
    for place, values in places.items():
        for name, value in values.items():
            setattr(place, name, value)


def _guard_open_files() -> None:
    """Refuse to remove or replace what this process has open."""
    scandir, readlink = os.scandir, os.readlink

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def guard(*words: Any, **options: Any) -> Any:
            opened = set()
            for entry in scandir("/proc/self/fd"):
                with suppress(OSError):
                    opened.add(readlink(entry.path))
            for path in words[:2]:
                if os.path.abspath(path) in opened:
                    raise PermissionError(13, "it is open, on Windows",
                                          os.fspath(path))
            return real(*words, **options)
        return guard

    for name in "unlink", "remove", "rename", "replace":
        setattr(os, name, guarded(getattr(os, name)))


def environment(folder: Path) -> dict[str, str]:
    """Return what makes Pythons like Windows; `folder` is for its files."""
    (folder / "sitecustomize.py").write_text(
        "from tests.helpers import windowslike\nwindowslike.become()\n")
    return os.environ | {
        "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT))),
        "XDG_CACHE_HOME": str(folder / "cache"), "NO_COLOR": "1"}
