"""Starts a private MariaDB, for `grade mysql` and to check the stand-in.

The server listens on 127.0.0.1 only and takes any user with any password.
It ends with the process that started it.
"""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from types import TracebackType

from grader.errors import UserError
from grader.inside.jail import kernel
from grader.mariadb import find

if sys.platform != "win32":
    from grader.learner.datadir import Datadir, open_datadir

assert sys.platform != "win32"

_PATIENCE = 20.0


class PortTaken(UserError):
    """The port is in use, or this user may not listen on it."""

    def __init__(self, port: int, why: str) -> None:
        super().__init__(
            f"port {port} on 127.0.0.1 {why}",
            "take another port, as in --port 3307; or stop what runs there "
            "(Debian's own MariaDB: sudo systemctl stop mariadb)")


class MySQLFailed(UserError):
    """The server program ended, or never answered."""

    def __init__(self, log: Path, what: str = "did not start") -> None:
        super().__init__(f"the MariaDB server {what}: {_reason(log)}",
                         f"read {log}, or name an empty folder")


def _reason(log: Path) -> str:
    """Return the first error of a log, or else its last line."""
    text = log.read_text(errors="replace").strip()
    error = re.search(r"\[ERROR\] (.*)", text)
    last = text.rpartition("\n")[2] or "it said nothing"
    return (error[1] if error else last)[:200]


class Running:
    """A running server; leaving the with block stops it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int,
                 log: Path) -> None:
        self.process = process
        self.port = port
        self.host = "127.0.0.1"
        self.log = log

    def wait(self) -> None:
        """Wait until it ends by itself, which raises MySQLFailed."""
        self.process.wait()
        raise MySQLFailed(self.log, "has ended")

    def stop(self) -> None:
        """Ask the server to end, and make it end if it does not."""
        self.process.terminate()
        try:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(_PATIENCE)
        finally:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()


def start(folder: Path, port: int = 0) -> Running:
    """Start a server that keeps its data in `folder`; port 0 is any free.

    Raises MariaDBMissing, PortTaken, MySQLFailed or FolderUnusable, each of
    which says what to do.
    """
    program = find()
    chosen = _free(port)
    with open_datadir(folder) as datadir:
        running = Running(_process(program, chosen, datadir), chosen,
                          datadir.log)
    try:
        _wait(running)
    except BaseException:
        running.stop()
        raise
    return running


def _process(program: Path, port: int,
             datadir: Datadir) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        # MariaDB needs no tables of accounts where it does not ask for any.
        [str(program), "--no-defaults", "--skip-grant-tables",
         "--bind-address=127.0.0.1", f"--port={port}",
         f"--datadir={datadir.path}", f"--pid-file={datadir.pid}",
         # A socket's path must be short: it is named from inside.
         "--socket=server.sock", "--local-infile=1",
         "--innodb-log-file-size=16M", "--innodb-flush-log-at-trx-commit=0"],
        cwd=datadir.path, stdin=subprocess.DEVNULL, stdout=datadir.output,
        stderr=datadir.output, preexec_fn=_end_with_us(), process_group=0,
        user=datadir.owner, group=datadir.group,
        extra_groups=None if datadir.owner is None else [])


def _end_with_us() -> Callable[[], object] | None:
    """Return what has a child process end when this one is killed."""
    if sys.platform != "linux":
        return None
    kernel.libc()
    return lambda: kernel.prctl(kernel.PR_SET_PDEATHSIG, signal.SIGTERM)


def _free(port: int) -> int:
    """Return a port that can be listened on: this, or for 0 any."""
    with socket.socket() as client:
        # Some systems let a second program listen in a narrower way.
        if port and client.connect_ex(("127.0.0.1", port)) == 0:
            raise PortTaken(port, "is taken by another program")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise PortTaken(
                port, f"cannot be had: {error.strerror}") from None
        found: int = probe.getsockname()[1]
        return found


def _wait(running: Running) -> None:
    """Wait for the greeting that the server sends to a new client."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if running.process.poll() is not None:
            raise MySQLFailed(running.log)
        with suppress(OSError), closing(socket.create_connection(
                (running.host, running.port), timeout=1)) as client:
            if client.recv(5):
                return
        time.sleep(0.02)
    raise MySQLFailed(running.log)
