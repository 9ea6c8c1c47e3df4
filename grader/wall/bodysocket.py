"""Where a run asks for what it may learn only bit by bit."""

from __future__ import annotations

import json
import socket
from types import TracebackType
from typing import Self

from grader.inside.learnertests.bodies import ProtocolError
from grader.inside.learnertests.bodyserver import BodyServer

# Questions are short: a longer one is cut off, and nonsense.
_MOST_BYTES = 4096


class BodySocket:
    """A socket that keeps messages apart; `theirs` is the run's end of it.
    """

    def __init__(self, bodies: BodyServer) -> None:
        self._keeper = bodies
        self._ours, self.theirs = socket.socketpair(
            type=socket.SOCK_SEQPACKET)
        # A run that does not listen is not waited for.
        self._ours.setblocking(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._ours.close()
        self.theirs.close()

    def fileno(self) -> int:
        """Return the descriptor at which questions arrive."""
        return self._ours.fileno()

    def serve(self) -> bool:
        """Answer a question; return whether another may be answered."""
        try:
            answer = self._keeper.answer(self._read())
            self._ours.send(json.dumps(answer).encode())
        except (ProtocolError, OSError):
            return False
        return True

    def _read(self) -> object:
        try:
            return json.loads(self._ours.recv(_MOST_BYTES))
        except (ValueError, RecursionError):
            raise ProtocolError from None

    def called(self) -> frozenset[str]:
        """Return the places of the functions that the run has called."""
        return frozenset(self._keeper.called)
