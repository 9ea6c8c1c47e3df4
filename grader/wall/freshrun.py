"""One run in a newly started Python, seen from the grader.

It starts the process, watches its time and its folder, and reads its
results. Each pipe has a thread, and so has the end of the process, since
Windows cannot wait for several pipes at once.
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

# Seconds between two looks at the run's folder. For this time at most a run
# can write beyond its limit.
LOOK_SECONDS = 0.05
# A process that the run left behind may hold the results open, so reading
# ends one second after the run has ended.
_LAST_WORDS_SECONDS = 1.0
_PART = 1 << 16
# The new process opens no descriptor of its own as high as that one.
_FREE = 64


class FreshRun:
    """A started process; `seconds` is how long the job took, on the clock.

    `place` is the run's folder, `file` its standard input, if any. Raises
    OSError where Python cannot be started.
    """

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
        """Wait for the end or kill the process; return how it ended.

        The answer is that of a warden, for outcome.decode. Raises
        GraderError where the process did not get to the submission.
        """
        # 1. Until the first line: Python's start is not the run's time.
        if not self._begun.wait(START_SECONDS):
            self.kill()
        # 2. Until the job ends, or has used up its time or its folder.
        stopped = self._watch(self._since + limits.wall_seconds,
                              limits.disk_mb)
        self.seconds = time.monotonic() - self._since
        # 3. Kill what is left, and take in what was written.
        self.kill()
        self._ending.join()
        self._reading.join(_LAST_WORDS_SECONDS)
        cpu = self._cpu - self._start_up()
        return {"stopped": stopped, "status": self._status, "cpu": cpu}

    def results(self) -> bytes:
        """Return what the process wrote after the first line."""
        return bytes(self._text).partition(b"\n")[2]

    def kill(self) -> None:
        """Kill the process, and its process group where there are groups."""
        if sys.platform == "win32":
            self._process.kill()
        else:
            # macOS forbids it once all processes of the group are dead.
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def close(self) -> None:
        """Kill the process and release its pipes."""
        self.kill()
        self._ending.join()
        self._writing.join()
        assert self._process.stdin
        self._process.stdin.close()

    def _watch(self, deadline: float, megabytes: int) -> str | None:
        """Wait; return why the run must be killed, None once it has ended.
        """
        while (left := deadline - time.monotonic()) > 0:
            self._ending.join(min(left, LOOK_SECONDS))
            if not self._ending.is_alive():
                return None
            if runfolder.is_outgrown(self._place, megabytes):
                return "output"
        return "timeout"

    def _start_up(self) -> float:
        """Return how many seconds of processor time the start took.

        The first line is trusted: it was written before any code of the
        submission was loaded.
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
        # A process that ended early shows in its results.
        with suppress(OSError):
            wire.write_line(self._process.stdin.fileno(), request)

    def _read(self) -> None:
        """Keep what the process writes, up to the limit; then close."""
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
        """Wait for the end; note status and processor time."""
        if sys.platform == "win32":
            self._status = self._process.wait()
        else:
            _, status, usage = os.wait4(self._process.pid, 0)
            self._status = os.waitstatus_to_exitcode(status)
            self._process.returncode = self._status
            self._cpu = usage.ru_utime + usage.ru_stime


@contextmanager
def _given(file: IO[bytes] | None) -> Iterator[int | str | None]:
    """Yield how the new process gets a file: by its path on Windows.

    Elsewhere it inherits a descriptor, whose number must not be one that
    the new process uses for itself before it reads the request.
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
