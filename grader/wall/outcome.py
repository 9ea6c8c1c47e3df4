"""Reads what comes out of a run, and decides how the run ended.

A run has two pipes: one for its results, which is untrusted, and one for its
status, which only its parent can write to.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import time
from dataclasses import dataclass, field, replace
from typing import Any

from grader.errors import GraderError
from grader.inside.limits import Limits
from grader.wall.bodysocket import BodySocket

# How long a run is waited for beyond its limit: its parent, which kills it
# in time, needs a processor for that.
GRACE_SECONDS = 5.0
# The kernel enforces the limit of processor time by counting ticks, but
# reports the time exactly. On a busy machine it killed runs that had used 2.4
# of 3 seconds, so a kill after this share of the limit counts as a timeout.
CPU_SHARE = 0.6
# How the kernel ends a process at its limit of processor time, where it can.
_AT_LIMIT = tuple(-getattr(signal, name) for name in ("SIGXCPU", "SIGKILL")
                  if hasattr(signal, name))
# From here on the exit status of a process is an NTSTATUS error of Windows.
_WINDOWS_ERROR = 0xC0000000
EXITED_EARLY = "it ended the whole program: is there an exit in it?"


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run ended; trusted.

    `cause` is None for a run that came to its end, otherwise one of
    timeout, memory, output, exited or crashed; `detail` is a sentence for
    people. `seconds` are those on the clock, `cpu` those of processor time,
    0 where they are not known.
    """

    cause: str | None
    detail: str = ""
    seconds: float = 0.0
    cpu: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The messages of one run (untrusted) and how it ended (trusted).

    `called` (trusted) are the places of the functions kept out of the run
    that it called and that returned; see BodySocket.called. None where the
    run had none.
    """

    messages: list[dict[str, Any]] = field(default_factory=list)
    ended: Ended
    called: frozenset[str] | None = None


def collect(results: int, status: int, limits: Limits,
            bodies: BodySocket | None = None) -> Outcome:
    """Read both pipes, which are descriptors, to the run's end; close them.

    Meanwhile `bodies`, if there is one, answers the run. Raises GraderError
    where the run could not be set up, or its parent died.
    """
    started = time.monotonic()
    texts = _drain(results, status,
                   started + limits.wall_seconds + GRACE_SECONDS,
                   limits.results_mb << 20, bodies)
    answer = _read_status(bytes(texts[status]))
    outcome = decode(bytes(texts[results]), answer, time.monotonic() - started,
                     limits)
    return replace(outcome, called=bodies.called()) if bodies else outcome


def decode(results: bytes, answer: dict[str, Any], seconds: float,
           limits: Limits) -> Outcome:
    """Return the outcome of a run from its results and its end.

    `answer` is trusted: "status", the exit status, negative for a signal;
    "stopped", why the run was killed, or None; "cpu", its seconds of
    processor time. `seconds` are those on the clock.
    """
    messages, nonsense = _read_lines(results)
    ended = _judge_end(answer, seconds, limits)
    if nonsense or len(results) > limits.results_mb << 20:
        ended = replace(ended, cause="output",
                        detail="it wrote nonsense where results belong")
    return Outcome(messages=messages, ended=ended)


def _drain(results: int, status: int, deadline: float,
           most: int, bodies: BodySocket | None) -> dict[int, bytearray]:
    """Read both pipes until the status, one line, is there; close them.

    A process that the run left behind may hold the results open for ever,
    so once the status is there only what is in the pipe already counts. A
    pipe that gives more than `most` bytes is closed. Returns what was read,
    by descriptor.
    """
    texts = {results: bytearray(), status: bytearray()}
    with selectors.DefaultSelector() as selector:
        for fd in texts:
            selector.register(fd, selectors.EVENT_READ)
        pipes = set(texts)
        if bodies:
            selector.register(bodies, selectors.EVENT_READ)
        while pipes and time.monotonic() < deadline:
            # Without a timeout a lost parent would never be noticed; once
            # the status is there, an empty pipe ends the loop.
            waiting = status in pipes
            events = selector.select(0.5 if waiting else 0)
            for key, _ in events:
                if key.fileobj is bodies:
                    if not waiting or not bodies.serve():
                        selector.unregister(bodies)
                    continue
                part = os.read(key.fd, 1 << 16)
                texts[key.fd] += part
                # Not the end of the pipe: a run that starts meanwhile has
                # it open for a moment, too.
                is_whole = key.fd == status and part.endswith(b"\n")
                if not part or is_whole or len(texts[key.fd]) > most:
                    selector.unregister(key.fd)
                    pipes.remove(key.fd)
                    os.close(key.fd)
            if not events and not waiting:
                break
        for fd in pipes:
            os.close(fd)
    return texts


def _read_lines(text: bytes) -> tuple[list[dict[str, Any]], bool]:
    """Return the messages, and whether a line is no JSON object.

    The messages before such a line are kept. A last line without an end was
    cut off when the run was stopped, so it is left out.
    """
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


def _read_status(text: bytes) -> dict[str, Any]:
    """Return the message on a run's end, the first line.

    Raises GraderError where there is none, or where it says that the run
    could not be set up or lost its parent. A second line may follow one on
    the set-up, which is the reason for it.
    """
    try:
        answer: dict[str, Any] = json.loads(text.partition(b"\n")[0])
    except ValueError:
        raise GraderError("the parent of a run died without a word",
                          "run it again; grade doctor may tell more"
                          ) from None
    if "error" in answer:
        raise GraderError(f"a run could not be set up: {answer['error']}",
                          "run grade doctor")
    if answer["stopped"] == "abandoned":
        raise GraderError("the wall around a run fell", "run it again")
    return answer


def _judge_end(answer: dict[str, Any], seconds: float,
               limits: Limits) -> Ended:
    status = answer["status"]
    ended = Ended(cause=None, seconds=seconds, cpu=max(0.0, answer["cpu"]))
    spent = answer["cpu"] >= CPU_SHARE * limits.cpu_seconds
    if answer["stopped"] == "output":
        return replace(ended, cause="output",
                       detail="it wrote more files, or larger ones, than a "
                              "task needs")
    # At the limit of processor time the kernel sends SIGXCPU or SIGKILL,
    # which the parent did not.
    if answer["stopped"] or spent and status in _AT_LIMIT:
        return replace(ended, cause="timeout",
                       detail="it did not finish in time")
    if status == 0:
        return ended
    if status < 0 or status >= _WINDOWS_ERROR:
        how = f"signal {-status}" if status < 0 else f"status {status:#x}"
        return replace(ended, cause="crashed",
                       detail=f"it crashed the interpreter ({how})")
    return replace(ended, cause="exited", detail=EXITED_EARLY)
