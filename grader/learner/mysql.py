"""A private, real MariaDB: for `grade mysql` and to check the stand-in.

The server listens on 127.0.0.1 only, keeps everything in the folder it is
given and takes any user with any password. It starts on an empty folder.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType

from grader.errors import UserError

_PROGRAMS = ("mariadbd", "mysqld")
_PATIENCE = 20.0


class MySQLMissing(UserError):
    """This machine has no MySQL or MariaDB server program."""

    def __init__(self) -> None:
        super().__init__(
            "no MariaDB or MySQL server program is installed here",
            "install one, for instance: sudo apt install mariadb-server "
            "(macOS: brew install mariadb)")


class PortTaken(UserError):
    """Something listens on the port already."""

    def __init__(self, port: int) -> None:
        super().__init__(
            f"port {port} on 127.0.0.1 is taken by another program",
            "stop that program, or choose another port")


class MySQLFailed(UserError):
    """The server program ended or never answered."""

    def __init__(self, log: Path) -> None:
        super().__init__(f"the MySQL server did not start: {_last(log)}",
                         f"read {log}, or choose an empty folder")


def _last(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n") if (
        log.exists()) else []
    wrong = [line for line in lines if "ERROR" in line]
    return (wrong or [line for line in lines if line] or ["it said nothing"]
            )[-1][:200]


class Running:
    """A running server; leaving the with block stops it."""

    def __init__(self, process: subprocess.Popen[bytes], port: int,
                 socket: Path) -> None:
        self.process = process
        self.port = port
        self.socket = socket
        self.host = "127.0.0.1"

    def stop(self) -> None:
        """Ask the server to end, and make it end if it does not."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self) -> Running:
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.stop()


def find() -> Path:
    """Return the server program; MySQLMissing where there is none."""
    places = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin",
                              "/usr/libexec", "/usr/local/sbin"))
    for program in _PROGRAMS:
        found = shutil.which(program, path=places)
        if found:
            return Path(found)
    raise MySQLMissing


def start(datadir: Path, port: int | None = None) -> Running:
    """Start a server that keeps its data in `datadir`.

    Without a port a free one is chosen. Raises MySQLMissing, PortTaken or
    MySQLFailed, each of which says what to do.
    """
    program = find()
    chosen = _free(port)
    datadir = datadir.resolve()
    datadir.mkdir(parents=True, exist_ok=True)
    _initialize(program, datadir)
    owner = _owner(datadir)
    log = datadir / "server.log"
    # A socket's path must be short: it is named from inside the folder.
    command = [str(program), "--no-defaults", "--skip-grant-tables",
               "--bind-address=127.0.0.1", f"--port={chosen}",
               f"--datadir={datadir}", "--socket=server.sock",
               f"--pid-file={datadir / 'server.pid'}",
               "--skip-log-bin", "--innodb-flush-log-at-trx-commit=0",
               "--local-infile=1", *owner]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=datadir, stdout=output,
                                   stderr=output, stdin=subprocess.DEVNULL)
    running = Running(process, chosen, datadir / "server.sock")
    try:
        _wait(running, log)
    except BaseException:
        running.stop()
        raise
    return running


def _initialize(program: Path, datadir: Path) -> None:
    """Let MySQL make its own tables; MariaDB starts without them."""
    if (datadir / "mysql").exists():
        return
    version = subprocess.run([str(program), "--version"], text=True,
                             capture_output=True, check=False).stdout
    if "MariaDB" in version:
        return
    with (datadir.parent / f"{datadir.name}.log").open("wb") as output:
        owner = _owner(datadir)
        subprocess.run([str(program), "--no-defaults", *owner,
                        "--initialize-insecure", f"--datadir={datadir}"],
                       stdout=output, stderr=output, check=False)


def _free(port: int | None) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port or 0))
        except OSError:
            raise PortTaken(port or 0) from None
        found: int = probe.getsockname()[1]
        return found


def _owner(datadir: Path) -> list[str]:
    """As root, hand the folder to a user without rights and name it."""
    if os.geteuid() != 0:
        return []
    for name in ("mysql", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        for path in (datadir, *datadir.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
        return [f"--user={name}"]
    return []


def _wait(running: Running, log: Path) -> None:
    """Wait for the greeting that the server sends to a new client."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if running.process.poll() is not None:
            raise MySQLFailed(log)
        try:
            with socket.create_connection((running.host, running.port),
                                          timeout=1) as client:
                if client.recv(5):
                    return
        except OSError:
            time.sleep(0.02)
    raise MySQLFailed(log)
