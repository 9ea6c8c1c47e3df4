"""The MySQL server of a suite: the stand-in, or a real one.

GRADE_MYSQL=host:port leads every connection of the real drivers to that
server, whichever host and port a file names; every database on it is
dropped. Without it the embedded stand-in takes the drivers' place.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path

from alx.lite import User
from alx.mysql_remote import Remote
from alx.mysql_table import DATABASE, fill
from alx.world import Read, World
from grader.kit.mysql import Server, Snapshot, install

SETTING = "GRADE_MYSQL"


class StandIn:
    """The embedded server, which writes down all that it does."""

    records = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server: Server = install(folder)
        # By identity, since the hash of thousands of users takes its time.
        self._snapshots: dict[int, tuple[object, Snapshot]] = {}
        self._held: Snapshot | None = None
        self._noted: list[Read] = []

    def hold(self, users: Sequence[User] | None) -> None:
        if id(users) in self._snapshots:
            _, self._held = self._snapshots[id(users)]
            self.server.restore(self._held)
            return
        self.server.reset()
        if users is not None:
            self._fill(users)
        self._held = self.server.snapshot()
        self._snapshots[id(users)] = users, self._held
        self.forget()

    def _fill(self, users: Sequence[User]) -> None:
        """Make the table as on any server, and put the rows into its file.

        That takes half the time, and there are thousands of them.
        """
        fill(())
        with closing(self.server.open(DATABASE)) as handle:
            handle.execute("BEGIN")
            handle.executemany("INSERT INTO user_data VALUES (?, ?, ?, ?)",
                               users)
            handle.execute("COMMIT")

    def is_untouched(self) -> bool:
        return self._held is not None and self.server.is_as(self._held)

    def forget(self) -> None:
        self.server.clear_records()
        self._noted.clear()

    def reads(self) -> list[Read]:
        return self._noted + [Read(each.method, each.rows)
                              for each in self.server.fetches]

    def selects(self) -> list[str]:
        return [each.sql for each in self.server.queries
                if each.kind == "select" and "user_data" in each.sql]

    def note(self, method: str, rows: int) -> None:
        self._noted.append(Read(method, rows))

    @property
    def open_connections(self) -> int:
        return self.server.open_connections

    @contextmanager
    def served(self) -> Iterator[None]:
        yield


@cache
def world(folder: Path) -> World:
    """Return the server for the suites that run in this process."""
    address = os.environ.get(SETTING)
    if address:
        return Remote(address, folder / ".mysql")
    return StandIn(folder / ".mysql")
