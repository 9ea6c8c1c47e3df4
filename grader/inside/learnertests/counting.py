"""Counts what a test does: its assertions, and its ways to the network."""

from __future__ import annotations

import functools
import socket
import unittest
from collections.abc import Callable, Iterator
from typing import Any, NoReturn
from unittest import mock


class Counts:
    """What was seen since the last `clear`, once it is posted."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Start again, for the next case."""
        self.assertions = 0
        self.network = 0
        self.calls = 0

    def data(self) -> dict[str, int]:
        """Return the counts as they travel in a report."""
        return {"assertions": self.assertions, "network": self.network,
                "calls": self.calls}


def _counting(method: Callable[..., Any],
              counts: Counts) -> Callable[..., Any]:
    @functools.wraps(method)
    def counted(*args: Any, **kwargs: Any) -> Any:
        counts.assertions += 1
        return method(*args, **kwargs)
    return counted


def _asserting() -> Iterator[tuple[type, str, Callable[..., Any]]]:
    for kind in (unittest.TestCase, mock.NonCallableMock):
        for name in dir(kind):
            if name.startswith(("assert", "fail")) and callable(
                    method := getattr(kind, name)) and (
                    not isinstance(method, type)):
                yield kind, name, method


COUNTS = Counts()
# Made once, before the forks.
_COUNTED = [(kind, name, _counting(method, COUNTS))
            for kind, name, method in _asserting()]


def install() -> None:
    """Count in COUNTS from now on, in this process; close the network."""
    for kind, name, counted in _COUNTED:
        setattr(kind, name, counted)

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        COUNTS.network += 1
        raise OSError("there is no network here")

    setattr(socket, "getaddrinfo", refuse)
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, refuse)
