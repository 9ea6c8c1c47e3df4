"""One run in a fresh process, from outside: its pipes, its time, its end.

A thread for each pipe and one for the end, since Windows cannot wait for
several pipes at once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from grader.errors import GraderError
from grader.inside import wire
from grader.inside.limits import Limits
from grader.wall import runfolder
from grader.wall.interpreter import inside_argv
from grader.wall.wall import START_SECONDS, environment

if sys.platform != "win32":
    import fcntl
    import signal

# How often to look at the run's folder; what it writes in between is what
# it can write beyond its bounds.
LOOK_SECONDS = 0.05
# A stray may hold the results open: what is in the pipe by then counts.
_LAST_WORDS_SECONDS = 1.0
_PART = 1 << 16
# Of the new process's own descriptors, none is as high as that.
_FREE = 64


class FreshRun:
    """A process that has been started; `seconds` is how long it worked."""

    def __init__(self, request: dict[str, Any], place: Path,
                 file: IO[bytes] | None = None) -> None:
        self._place = place
        with _given(file) as given:
            self._process = _popen(place, given)
            request = request | {"input": given}
        self._most = request["limits"]["results_mb"] << 20
        self._text = bytearray()
        self._begun = threading.Event()
        self._since = 0.0
        self._status, self._cpu = 0, 0.0
        self.seconds = 0.0
        self._writing = _thread(lambda: self._write(request))
        self._reading = _thread(self._read)
        self._ending = _thread(self._reap)

    def wait(self, limits: Limits) -> dict[str, Any]:
        """Wait for its end, or put one; return how it ended, for decode.

        Raises GraderError where it did not get as far as the submission.
        """
        if not self._begun.wait(START_SECONDS):
            self.kill()
        stopped = self._watch(self._since + limits.wall_seconds,
                              limits.disk_mb)
        self.seconds = time.monotonic() - self._since
        self.kill()
        self._ending.join()
        self._reading.join(_LAST_WORDS_SECONDS)
        cpu = self._cpu - self._start_up()
        return {"stopped": stopped, "status": self._status, "cpu": cpu}

    def results(self) -> bytes:
        """Return what it wrote after the first line."""
        return bytes(self._text).partition(b"\n")[2]

    def kill(self) -> None:
        """End it, and its group where there are groups."""
        if sys.platform == "win32":
            self._process.kill()
        else:
            # macOS forbids it once there are but dead ones in the group.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it, and release its pipes."""
        self.kill()
        self._ending.join()
        self._writing.join()
        assert self._process.stdin
        self._process.stdin.close()

    def _watch(self, deadline: float, megabytes: int) -> str | None:
        """Return why it is to be stopped, None once it has ended."""
        while (left := deadline - time.monotonic()) > 0:
            self._ending.join(min(left, LOOK_SECONDS))
            if not self._ending.is_alive():
                return None
            if runfolder.is_outgrown(self._place, megabytes):
                return "output"
        return "timeout"

    def _start_up(self) -> float:
        """Return what starting took, in seconds of processor time.

        The first line is believed: no code of the submission's wrote it.
        """
        try:
            answer = json.loads(bytes(self._text).partition(b"\n")[0])
        except ValueError:
            answer = {"error": f"Python ended with status {self._status}"}
        if "error" in answer:
            raise GraderError(f"a run could not be set up: {answer['error']}",
                              "run grade doctor")
        return float(answer["cpu"])

    def _write(self, request: dict[str, Any]) -> None:
        assert self._process.stdin
        # Whether it was read shows in what comes back.
        with suppress(OSError):
            wire.write_line(self._process.stdin.fileno(), request)

    def _read(self) -> None:
        """Keep what comes; a run that floods the pipe finds it closed."""
        assert self._process.stdout
        with self._process.stdout as pipe:
            while len(self._text) <= self._most and (
                    part := os.read(pipe.fileno(), _PART)):
                self._text += part
                if not self._since:
                    self._since = time.monotonic()
                    self._begun.set()
        self._begun.set()

    def _reap(self) -> None:
        """Wait for the end and note what the system says of it."""
        if sys.platform == "win32":
            self._status = self._process.wait()
        else:
            _, status, usage = os.wait4(self._process.pid, 0)
            self._status = os.waitstatus_to_exitcode(status)
            self._process.returncode = self._status
            self._cpu = usage.ru_utime + usage.ru_stime


@contextmanager
def _given(file: IO[bytes] | None) -> Iterator[int | str | None]:
    """Yield what the process knows a file by: on Windows, its path.

    Elsewhere it is a descriptor that is none of those in use over there.
    """
    if file is None:
        yield None
    elif sys.platform == "win32":
        yield os.path.abspath(file.name)
    else:
        copy = fcntl.fcntl(file, fcntl.F_DUPFD_CLOEXEC, _FREE)
        try:
            yield copy
        finally:
            os.close(copy)


def _popen(place: Path, given: int | str | None) -> subprocess.Popen[bytes]:
    argv = inside_argv("grader.inside.jail.fresh:main", walled=False)
    if sys.platform == "win32":
        # A console of its own: ours, and its keys, are not for the run.
        return subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, cwd=place, env=environment(),
            bufsize=0, creationflags=subprocess.CREATE_NO_WINDOW)
    return subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, cwd=place, env=environment(),
        bufsize=0, start_new_session=True,
        pass_fds=[given] if isinstance(given, int) else [])


def _thread(act: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=act, daemon=True)
    thread.start()
    return thread
