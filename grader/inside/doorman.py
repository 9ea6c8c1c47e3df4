"""Counts what a test does: its assertions, and its ways to the network."""

from __future__ import annotations

import functools
import socket
import unittest
from collections.abc import Callable
from typing import Any, NoReturn
from unittest import mock


class Counts:
    """What was seen since the last `clear`."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Start again, for the next case."""
        self.assertions = 0
        self.network = 0

    def data(self) -> dict[str, int]:
        """Return the counts as they travel in a report."""
        return {"assertions": self.assertions, "network": self.network}


def post(counts: Counts) -> None:
    """Count from now on, in this process, and close the network."""
    for kind in (unittest.TestCase, mock.NonCallableMock):
        for name in dir(kind):
            if name.startswith(("assert", "fail")) and callable(
                    method := getattr(kind, name)) and (
                    not isinstance(method, type)):
                setattr(kind, name, _counting(method, counts))

    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        counts.network += 1
        raise OSError("there is no network here")

    setattr(socket, "getaddrinfo", refuse)
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, refuse)


def _counting(method: Callable[..., Any],
              counts: Counts) -> Callable[..., Any]:
    @functools.wraps(method)
    def counted(*args: Any, **kwargs: Any) -> Any:
        counts.assertions += 1
        return method(*args, **kwargs)
    return counted
