"""Finds out whether a program holds all values that a generator yields."""

from __future__ import annotations

import gc
import inspect
import sys
from array import array
from collections import Counter, deque
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from decimal import Decimal
from types import CodeType, FrameType
from typing import Any

_KINDS = (list, tuple, set, frozenset, deque, dict, array)


class Holding:
    """Looks, when a generator of a file is exhausted, for all its values.

    `found` is then the type of what holds them, such as "list", or None.
    """

    def __init__(self, file: str, values: Collection[int]) -> None:
        self._file = file
        self._values = frozenset(values)
        self._count = len(values)
        self._left: Counter[CodeType] = Counter()
        self._is_over = False
        self.found: str | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch the code that runs within, in this thread."""
        old = sys.getprofile()
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(old)

    def _note(self, frame: FrameType, event: str, value: object) -> None:
        code = frame.f_code
        if event != "return" or code.co_filename != self._file:
            return
        if not code.co_flags & inspect.CO_GENERATOR:
            # An array made of a generator in one call is in a variable
            # only when its function returns.
            if self._is_over:
                self._look(frame.f_locals.values())
            return
        # A yield is a "return" event as well, and the end one more.
        self._left[code] += 1
        if self._left[code] == self._count + 1:
            self._is_over = True
            # list(...) is still running; no variable refers to it yet.
            self._look(gc.get_objects())
            self._look(_named_around(frame))

    def _look(self, values: Collection[object]) -> None:
        for each in values:
            if type(each) in _KINDS and self._is_all(each):
                self.found = type(each).__name__
                return

    def _is_all(self, kept: Any) -> bool:
        """Return whether more than half of the values may be in there."""
        if len(kept) <= self._count // 2:
            return False
        items = kept.values() if type(kept) is dict else kept
        return all(type(each) in (int, float, Decimal)
                   and each in self._values for each in list(items))


def _named_around(frame: FrameType) -> list[object]:
    """Return the variables of the file's frames that led to a frame."""
    found: list[object] = []
    caller: FrameType | None = frame
    while caller is not None:
        if caller.f_code.co_filename == frame.f_code.co_filename:
            found += caller.f_locals.values()
        caller = caller.f_back
    return found
