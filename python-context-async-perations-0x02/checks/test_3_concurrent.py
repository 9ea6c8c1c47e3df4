"""3-concurrent.py: two queries at the same time."""

from alx.gathering import GatheringCase, names_in
from alx.users_db import USERS
from grader.kit import Failure
from grader.kit.unawaited import line_of_unawaited

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

    def test_fetches_fresh_users(self) -> None:
        users = self.fresh_users(9)
        for name, age in (("async_fetch_users", 0),
                          ("async_fetch_older_users", 40)):
            wanted = [user[1] for user in users if user[3] > age]
            self.assertGot(wanted, names_in(self.text_of(name), users),
                           f"the names from {name}()")

    def names(self, name: str) -> list[str]:
        """Return the users that a coroutine returns or prints, by name."""
        return names_in(self.text_of(name), USERS)

    def test_runs_as_a_script(self) -> None:
        self.assertRunsAsScript()

    def test_awaits_what_it_gathers(self) -> None:
        self.task.fetch_concurrently
        line = self.see(lambda: line_of_unawaited(
            "gather", self.source.removeprefix("\ufeff")))
        self.assertHolds(line is None, Failure(
            "the result of gather is not awaited, so the program may end "
            "before the queries do", call=CALL, line=line,
            expected="await asyncio.gather(...)", got="asyncio.gather(...)"))

    def test_runs_both_through_gather(self) -> None:
        self.run_anyhow("fetch_concurrently")
        gathered: list[list[str]] = self.see(lambda: self.gathered)
        is_right = any(BOTH <= set(names) or len(names) > 1
                       for names in gathered)
        self.assertHolds(is_right, Failure(
            f"{CALL} should run both coroutines through one asyncio.gather",
            call=CALL, expected="asyncio.gather(async_fetch_users(), "
                                "async_fetch_older_users())",
            got=_told(gathered)))

    def test_fetches_both_at_once(self) -> None:
        self.run_anyhow("fetch_concurrently")
        queries = self.queries()
        self.assertHolds(queries >= 2, Failure(
            f"{CALL} should run two queries on users", call=CALL,
            expected="two queries", got=f"{queries}"))
        if self.see(lambda: (
                len(self.db.connections) > len(self.db.asynchronous))):
            self.advise("use aiosqlite in the coroutines: sqlite3 holds up "
                        "the event loop until each query has run")

    def test_ends_with_every_connection_closed(self) -> None:
        self.run_anyhow("fetch_concurrently")
        never_closed = self.never_closed()
        self.assertHolds(not never_closed, Failure(
            f"{CALL} leaves a connection open: its thread can keep the "
            "program from ending", cause="timeout", call=CALL,
            expected="every connection closed",
            got=f"{never_closed} left open"))
        if self.see(lambda: self.db.left_open):
            self.advise("close the connections that the coroutines open")


def _told(gathered: list[list[str]]) -> str:
    if not gathered:
        return "no call of asyncio.gather"
    return "; ".join(f"asyncio.gather({', '.join(names)})"
                     for names in gathered)
