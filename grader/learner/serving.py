"""The work of `grade mysql`: runs a MariaDB server until Ctrl-C."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from grader.learner import mysqld
from grader.library.foldernames import FolderNames
from grader.terminal import printable

if sys.platform != "win32":
    from grader.learner.datadir import choose

assert sys.platform != "win32"

_ENDING = (signal.SIGTERM, signal.SIGHUP)


def serve(directory: Path | None, port: int,
          known: FolderNames) -> Iterator[str]:
    """Run a server until Ctrl-C; yield lines to print meanwhile.

    Raises UserError where it does not start or ends by itself, and
    SystemExit for another signal that ends it.
    """
    folder = choose(directory, known)
    with _ended_by_signals():
        try:
            with mysqld.start(folder, port) as server:
                yield (f"Connect to {server.host}, port {server.port}, with "
                       "any user and password; Ctrl-C stops it.\n")
                server.wait()
        except KeyboardInterrupt:
            yield ("\nIt has stopped; the data stays in "
                   f"{printable(str(folder))}.\n")


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Leave by an exception, so that the server is stopped on the way."""
    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    old = {number: signal.signal(number, leave) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in old.items():
            signal.signal(number, handler)
