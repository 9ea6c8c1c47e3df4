"""What the connections of all the drivers have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.kit.mysql import current
from grader.kit.mysql.binding import Bound
from grader.kit.mysql.catalogue import Result
from grader.kit.mysql.errors import ServerError
from grader.kit.mysql.session import Session


class Link:
    """A connection to the server: its options, and its session if any."""

    def __init__(self) -> None:
        self.server = current.server()
        self._session: Session | None = None
        self._options: dict[str, Any] = {}

    @property
    def session(self) -> Session:
        """Return the session; raise the driver's error without any."""
        if self._session is None or not self._session.alive:
            raise self._gone()
        return self._session

    def _gone(self) -> Exception:
        """Return what the driver raises once a connection is gone."""
        raise NotImplementedError

    def _raised(self, failure: ServerError) -> Exception:
        """Return the driver's error for one of the server's."""
        raise NotImplementedError

    def _begin(self) -> Session:
        """Begin a session by the options."""
        chosen = self._options
        try:
            self._session = Session(
                self.server, chosen.get("database") or chosen.get("db"))
        except ServerError as failure:
            raise self._raised(failure) from None
        self._session.autocommit = bool(chosen.get("autocommit"))
        return self._session

    def _end(self) -> None:
        """End the session; what was not committed is lost."""
        if self._session is not None:
            self._session.close()
            self._session = None
            self.server.closed += 1

    def record(self, sql: str, params: Any) -> int:
        """Write a statement down and return its place in the record."""
        return current.record(self.server, self.session, sql, params)

    def many(self, bound: Sequence[Bound]) -> Result:
        """Run an INSERT of one text with the values of each."""
        try:
            return self.session.many(
                bound[0][0], [values or () for _, values in bound])
        except ServerError as failure:
            raise self._raised(failure) from None

    def commit(self) -> None:
        """Make what was written visible to others."""
        session = self.session
        self.server.commits += 1
        session.finish("COMMIT")

    def rollback(self) -> None:
        """Undo what was written and not committed."""
        session = self.session
        self.server.rollbacks += 1
        session.finish("ROLLBACK")

    def _commit_at_once(self, on: bool) -> None:
        self.session.autocommit = bool(on)
        if on:
            self.session.finish("COMMIT")
