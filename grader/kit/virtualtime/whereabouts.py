"""Where in its code a thread or a coroutine of the submission is."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import time
from collections.abc import Iterator
from time import monotonic as real_time
from types import CodeType, CoroutineType, FrameType
from typing import Any

_STANDARD = os.path.dirname(os.__file__) + os.sep
_KIT = os.path.dirname(__file__) + os.sep


def current_frames() -> dict[int, FrameType]:
    """Return the frame of every thread, and collect no garbage meanwhile.

    A finaliser that needs the list of threads would wait for ever for the
    call that it interrupts (github.com/python/cpython/issues/106883).
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        return sys._current_frames()
    finally:
        if was_on:
            gc.enable()


def place(frame: FrameType | None) -> str:
    """Return "wait_n (line 8)", the innermost frame of the submission."""
    while frame is not None:
        if _is_own(frame.f_code):
            return _name(frame.f_code, frame.f_lineno)
        frame = frame.f_back
    return ""


def tasks(loop: asyncio.AbstractEventLoop | None) -> str:
    """Return the places at which the tasks of a loop wait, with commas."""
    if loop is None:
        return ""
    names = sorted({_awaiting(task) for task in asyncio.all_tasks(loop)})
    return ", ".join(filter(None, names))


def cpu_seconds(ident: int) -> float:
    """Return the processor time of a living thread, where that is known.

    The thread must have a frame: the id of an ended one is dangerous.
    """
    if sys.platform == "linux":
        try:
            return time.clock_gettime(time.pthread_getcpuclockid(ident))
        except ProcessLookupError:
            # It has ended since its frame was seen. A value that differs
            # each time counts as a sign of life.
            return real_time()
    return 0.0


def _awaiting(task: asyncio.Task[Any]) -> str:
    found = ""
    for coroutine in _chain(task.get_coro()):
        if coroutine.cr_frame is not None and _is_own(coroutine.cr_code):
            found = _name(coroutine.cr_code, coroutine.cr_frame.f_lineno)
    return found


def _chain(awaited: object) -> Iterator[CoroutineType[Any, Any, Any]]:
    while type(awaited) is CoroutineType:
        yield awaited
        awaited = awaited.cr_await


def _is_own(code: CodeType) -> bool:
    return not code.co_filename.startswith((_STANDARD, _KIT, "<frozen"))


def _name(code: CodeType, line: int) -> str:
    return f"{code.co_name} (line {line})"
