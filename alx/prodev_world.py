"""What a suite needs of a MySQL server: the stand-in's or a real one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from alx.prodev_sqlite import User


class Read(NamedTuple):
    """Rows that came to the client by one method of a cursor."""

    method: str
    rows: int


class World(Protocol):
    """A server with the table user_data, and a record of its use.

    `records` is whether `reads`, `selects` and `open_connections` have
    any content: a real driver does not report what it does.
    """

    records: bool

    def hold(self, users: Sequence[User] | None) -> None:
        """Reset, with these users in the table or without databases."""

    def is_untouched(self) -> bool:
        """Return whether all is certainly as `hold` left it."""

    def forget(self) -> None:
        """Clear the records."""

    def reads(self) -> list[Read]:
        """Return what was fetched since the last `forget`."""

    def selects(self) -> list[str]:
        """Return the SELECT statements on user_data since `forget`."""

    def note(self, method: str, rows: int) -> None:
        """Add a fetch of another driver to the records."""

    @property
    def open_connections(self) -> int:
        """Count the connections that are open."""

    def served(self) -> Any:
        """Return a context in which the drivers lead here."""
