"""The grader's end of the socket by which a run calls kept functions.

The bodies of those functions stay in the grader; a run gets them step by
step, from a BodyServer.
"""

from __future__ import annotations

import json
import socket
from types import TracebackType
from typing import Self

from grader.inside.learnertests.bodies import ProtocolError
from grader.inside.learnertests.bodyserver import BodyServer

# Messages of a run are short. A longer one is cut off by the socket, is
# then no JSON, and refused.
_MOST_BYTES = 4096


class BodySocket:
    """A socket that serves one run; `theirs` is the run's end of it."""

    def __init__(self, bodies: BodyServer) -> None:
        self._bodies = bodies
        # SEQPACKET keeps messages apart, so none has to be searched for
        # its end.
        self._ours, self.theirs = socket.socketpair(
            type=socket.SOCK_SEQPACKET)
        # If a run does not read its answers, sending fails instead of
        # waiting.
        self._ours.setblocking(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._ours.close()
        self.theirs.close()

    def fileno(self) -> int:
        """Return the descriptor of the grader's end, for a selector."""
        return self._ours.fileno()

    def serve(self) -> bool:
        """Answer one message; return False if the run gets no more answers.
        """
        try:
            answer = self._bodies.answer(self._read())
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
        """Return the places of the functions that returned to the run."""
        return frozenset(self._bodies.called)
