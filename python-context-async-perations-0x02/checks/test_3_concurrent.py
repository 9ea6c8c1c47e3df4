"""3-concurrent.py: two queries at the same time."""

from grader.kit import Failure
from grader.kit.gathering import GatheringCase

BOTH = {"async_fetch_users", "async_fetch_older_users"}
CALL = "fetch_concurrently()"


class Concurrent(GatheringCase):
    """fetch_concurrently gathers both coroutines."""

    file = "3-concurrent.py"

    def test_fetches_all_users(self) -> None:
        self.assertGot(["Amara Obi", "Bram Visser", "Chidi Eze",
                        "Dina Haddad", "Emil Larsen", "Farah Noor",
                        "Goran Ilic"],
                       self.names("async_fetch_users"),
                       "the names from async_fetch_users()")

    def test_fetches_the_users_older_than_40(self) -> None:
        self.assertGot(["Dina Haddad", "Farah Noor"],
                       self.names("async_fetch_older_users"),
                       "the names from async_fetch_older_users()")

    def test_runs_both_through_gather(self) -> None:
        self.run_anyhow("fetch_concurrently")
        if not any(BOTH <= set(names) or len(names) > 1
                   for names in self.gathered):
            raise Failure(
                f"{CALL} should run both coroutines through one "
                "asyncio.gather", call=CALL,
                expected="asyncio.gather(async_fetch_users(), "
                         "async_fetch_older_users())",
                got=_told(self.gathered))

    def test_fetches_both_at_once(self) -> None:
        self.run_anyhow("fetch_concurrently")
        if self.queries < 2:
            raise Failure(f"{CALL} should run two queries on users",
                          call=CALL, expected="two queries",
                          got=f"{self.queries}")
        if len(self.db.connections) > len(self.db.asynchronous):
            self.advise("use aiosqlite in the coroutines: sqlite3 holds up "
                        "the event loop until each query has run")

    def test_ends_with_every_connection_closed(self) -> None:
        self.run_anyhow("fetch_concurrently")
        if self.never_closed:
            raise Failure(f"{CALL} leaves a connection open: its thread can "
                          "keep the program from ending", cause="timeout",
                          call=CALL, expected="every connection closed",
                          got=f"{self.never_closed} left open")
        if self.db.left_open:
            self.advise("close the connections that the coroutines open")


def _told(gathered: list[list[str]]) -> str:
    if not gathered:
        return "no call of asyncio.gather"
    return "; ".join(f"asyncio.gather({', '.join(names)})"
                     for names in gathered)
