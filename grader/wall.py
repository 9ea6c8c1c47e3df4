"""The wall: a zygote process, isolated as far as the tier goes.

Every run is a fork of the zygote. Two pipes come back from it: results,
written by the same process as the submission's code and therefore never
believed without checking, and status, written by the warden alone.
"""

from __future__ import annotations

import json
import os
import selectors
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from grader.errors import GraderError
from grader.inside import wire

START_SECONDS = 60.0
GRACE_SECONDS = 5.0
MAX_RESULTS = 4 << 20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one run may use; seconds are of the wall clock."""

    wall_seconds: float = 5.0
    cpu_seconds: int = 5
    memory_mb: int = 512
    file_mb: int = 8
    processes: int = 32


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run ended, by the warden's word.

    `cause` is None for a run that came to its own end, otherwise one of
    timeout, memory, output, exited or crashed; `detail` is for people.
    """

    cause: str | None
    detail: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What one run wrote (untrusted) and how it ended (trusted)."""

    messages: list[dict[str, Any]] = field(default_factory=list)
    ended: Ended


class Wall:
    """A zygote to run jobs in; use as a context manager, from any thread."""

    def __init__(self, kinds: Sequence[str] = ("suite",)) -> None:
        self.tier = "none"
        ours, theirs = socket.socketpair()
        argv = [sys.executable, "-I", "-c", _boot(), str(theirs.fileno()),
                *kinds]
        self._process = subprocess.Popen(
            argv, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        theirs.close()
        self._socket = ours
        self._lock = threading.Lock()
        self._ready = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Take the wall down, with whatever still runs in it."""
        self._socket.close()
        try:
            self._process.wait(1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stderr
        self._process.stderr.close()

    def run(self, job: str, request: dict[str, Any],
            limits: Limits = Limits()) -> Outcome:
        """Run one job in a fork of the zygote and wait for its end."""
        results, results_write = os.pipe()
        status, status_write = os.pipe()
        message = request | {"job": job} | vars(limits)
        try:
            with self._lock:
                self._wait_ready()
                wire.send(self._socket, message,
                          [results_write, status_write])
        except OSError as error:
            raise GraderError(f"the wall is down: {error}",
                              "run grade doctor") from error
        finally:
            os.close(results_write)
            os.close(status_write)
        return _collect(results, status, limits)

    def _wait_ready(self) -> None:
        if self._ready:
            return
        self._socket.settimeout(START_SECONDS)
        if self._socket.recv(1) != b"\n":
            assert self._process.stderr
            last = self._process.stderr.read().decode(errors="replace")
            raise GraderError(
                "the wall did not start: " + last.strip()[-300:],
                "run grade doctor")
        self._socket.settimeout(None)
        self._ready = True


def _boot() -> str:
    """Return the program that starts the zygote under `python -I`."""
    paths = [path for path in sys.path if path]
    return ("import sys; sys.path[:] = " + repr(paths) + "; "
            "from grader.inside import zygote; zygote.main(sys.argv[1:])")


def _collect(results: int, status: int, limits: Limits) -> Outcome:
    started = time.monotonic()
    texts = {results: bytearray(), status: bytearray()}
    flooded = _drain(texts, started + limits.wall_seconds + GRACE_SECONDS,
                     results)
    for fd in texts:
        os.close(fd)
    messages, nonsense = _lines(bytes(texts[results]))
    ended = _ended(bytes(texts[status]), time.monotonic() - started)
    if flooded or nonsense:
        ended = Ended(cause="output", seconds=ended.seconds,
                      detail="it wrote nonsense where results belong")
    return Outcome(messages=messages, ended=ended)


def _drain(texts: dict[int, bytearray], deadline: float,
           results: int) -> bool:
    """Read both pipes until the warden has spoken; True if flooded."""
    with selectors.DefaultSelector() as selector:
        for fd in texts:
            selector.register(fd, selectors.EVENT_READ)
        status = next(fd for fd in texts if fd != results)
        while selector.get_map() and time.monotonic() < deadline:
            # A stray process may hold the results pipe open for ever, so
            # only what is already in it counts once the status is there.
            wait = 0.0 if status not in selector.get_map() else 0.5
            events = selector.select(wait)
            if not events and not wait:
                return False
            for key, _ in events:
                fd = key.fd
                part = os.read(fd, 1 << 16)
                texts[fd] += part
                if not part:
                    selector.unregister(fd)
                if len(texts[fd]) > MAX_RESULTS:
                    return True
    return False


def _lines(text: bytes) -> tuple[list[dict[str, Any]], bool]:
    messages = []
    for line in text.split(b"\n")[:-1]:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return messages, True
        if not isinstance(message, dict):
            return messages, True
        messages.append(message)
    return messages, False


def _ended(text: bytes, seconds: float) -> Ended:
    try:
        said = json.loads(text)
    except ValueError:
        raise GraderError("the warden of a run died without a word",
                          "run grade doctor") from None
    if "error" in said:
        raise GraderError(f"a run could not be set up: {said['error']}",
                          "run grade doctor")
    return _judge_end(said, seconds)


def _judge_end(said: dict[str, Any], seconds: float) -> Ended:
    status = said["status"]
    if said["timeout"] or status == -24:  # SIGXCPU
        return Ended(cause="timeout", seconds=seconds,
                     detail="it did not finish in time")
    if status == 0:
        return Ended(cause=None, seconds=seconds)
    if status < 0:
        return Ended(cause="crashed", seconds=seconds,
                     detail=f"it crashed the interpreter (signal {-status})")
    return Ended(cause="exited", seconds=seconds,
                 detail="it ended the whole program")
