"""Counts the assertions and network calls of a learner's test.

A test without assertions proves nothing, and one that reaches for the
network has not replaced what it should.
"""

from __future__ import annotations

import functools
import socket
import unittest
from collections.abc import Callable, Iterator
from typing import Any, NoReturn
from unittest import mock


class Counts:
    """The counts since the last `clear`, once `install` was called."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Set all counts to 0, for the next test case."""
        self.assertions = 0
        self.network = 0
        self.calls = 0

    def data(self) -> dict[str, int]:
        """Return the counts as part of a report."""
        return {"assertions": self.assertions, "network": self.network,
                "calls": self.calls}


def _counted_method(method: Callable[..., Any],
                    counts: Counts) -> Callable[..., Any]:
    @functools.wraps(method)
    def counted(*args: Any, **kwargs: Any) -> Any:
        counts.assertions += 1
        return method(*args, **kwargs)
    return counted


def _assertion_methods() -> Iterator[tuple[type, str, Callable[..., Any]]]:
    for kind in (unittest.TestCase, mock.NonCallableMock):
        for name in dir(kind):
            if name.startswith(("assert", "fail")) and callable(
                    method := getattr(kind, name)) and (
                    not isinstance(method, type)):
                yield kind, name, method


COUNTS = Counts()
# Made once in the zygote, for all runs.
_COUNTED = [(kind, name, _counted_method(method, COUNTS))
            for kind, name, method in _assertion_methods()]


def install() -> None:
    """Count in COUNTS from now on, and make every connection fail."""
    for kind, name, counted in _COUNTED:
        setattr(kind, name, counted)

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        COUNTS.network += 1
        raise OSError("there is no network here")

    setattr(socket, "getaddrinfo", refuse)
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, refuse)
