"""What a suite asks of the server that its table is on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from alx.prodev_sqlite import User


class Read(NamedTuple):
    """Rows that came to the client by one method of a cursor."""

    method: str
    rows: int


class World(Protocol):
    """What a suite asks of its server.

    `records` says whether `reads`, `selects` and `open_connections` know
    anything: nobody sees what a real driver does.
    """

    records: bool

    def hold(self, users: Sequence[User] | None) -> None:
        """Start anew with these users in the table, or with nothing."""

    def is_untouched(self) -> bool:
        """Tell whether it is sure that all is as `hold` left it."""

    def forget(self) -> None:
        """Start the records anew."""

    def reads(self) -> list[Read]:
        """Return what was fetched since the last `forget`."""

    def selects(self) -> list[str]:
        """Return the SELECT statements on user_data since `forget`."""

    def note(self, method: str, rows: int) -> None:
        """Hear of a fetch from another driver."""

    @property
    def open_connections(self) -> int:
        """Count the connections that are open."""

    def served(self) -> Any:
        """Return a context in which the drivers lead here."""
