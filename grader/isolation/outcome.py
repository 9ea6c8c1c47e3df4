"""What comes out of a run: two pipes, read with distrust and a deadline."""

from __future__ import annotations

import json
import os
import selectors
import time
from dataclasses import dataclass, field
from signal import SIGKILL, SIGXCPU
from typing import Any

from grader.errors import GraderError
from grader.inside.limits import Limits

GRACE_SECONDS = 5.0
# The kernel counts processor time in ticks when it compares, exactly later:
# on a machine with much else to do it ended runs at 2.4 of 3 seconds.
CPU_SHARE = 0.6
MAX_RESULTS = 4 << 20
LEFT = "it ended the whole program: is there an exit in it?"


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


def collect(results: int, status: int, limits: Limits) -> Outcome:
    """Read what a run writes to both pipes until it has ended."""
    started = time.monotonic()
    texts = _drain(results, status,
                   started + limits.wall_seconds + GRACE_SECONDS)
    messages, nonsense = _lines(bytes(texts[results]))
    ended = _ended(bytes(texts[status]), time.monotonic() - started, limits)
    if nonsense or len(texts[results]) > MAX_RESULTS:
        ended = Ended(cause="output", seconds=ended.seconds,
                      detail="it wrote nonsense where results belong")
    return Outcome(messages=messages, ended=ended)


def _drain(results: int, status: int, deadline: float
           ) -> dict[int, bytearray]:
    """Read both pipes until the warden has spoken, then close them.

    A stray process may hold the results open for ever, so once the status
    is there only what already lies in the pipe counts. Whoever floods the
    results finds them closed.
    """
    texts = {results: bytearray(), status: bytearray()}
    with selectors.DefaultSelector() as selector:
        for fd in texts:
            selector.register(fd, selectors.EVENT_READ)
        while selector.get_map() and time.monotonic() < deadline:
            waiting = status in selector.get_map()
            events = selector.select(0.5 if waiting else 0)
            if not events and not waiting:
                break
            for key, _ in events:
                part = os.read(key.fd, 1 << 16)
                texts[key.fd] += part
                if not part or len(texts[key.fd]) > MAX_RESULTS:
                    selector.unregister(key.fd)
                    os.close(key.fd)
        for key in list(selector.get_map().values()):
            os.close(key.fd)
    return texts


def _lines(text: bytes) -> tuple[list[dict[str, Any]], bool]:
    messages: list[dict[str, Any]] = []
    for line in text.split(b"\n")[:-1]:
        try:
            message = json.loads(line)
        except (ValueError, RecursionError):
            return messages, True
        if not isinstance(message, dict):
            return messages, True
        messages.append(message)
    return messages, False


def _ended(text: bytes, seconds: float, limits: Limits) -> Ended:
    try:
        said = json.loads(text)
    except ValueError:
        raise GraderError("the warden of a run died without a word",
                          "run it again; grade doctor may tell more"
                          ) from None
    if "error" in said:
        raise GraderError(f"a run could not be set up: {said['error']}",
                          "run grade doctor")
    if said["stopped"] == "abandoned":
        raise GraderError("the wall around a run fell", "run it again")
    spent = said["cpu"] >= CPU_SHARE * limits.cpu_seconds
    return _judge_end(said, seconds, spent)


def _judge_end(said: dict[str, Any], seconds: float, spent: bool) -> Ended:
    status = said["status"]
    if said["stopped"] == "output":
        return Ended(cause="output", seconds=seconds,
                     detail="it wrote more files, or larger ones, than a "
                            "task needs")
    # At its limit of processor time the kernel kills a process.
    if said["stopped"] or spent and status in (-SIGXCPU, -SIGKILL):
        return Ended(cause="timeout", seconds=seconds,
                     detail="it did not finish in time")
    if status == 0:
        return Ended(cause=None, seconds=seconds)
    if status < 0:
        return Ended(cause="crashed", seconds=seconds,
                     detail=f"it crashed the interpreter (signal {-status})")
    return Ended(cause="exited", seconds=seconds,
                 detail=LEFT)
