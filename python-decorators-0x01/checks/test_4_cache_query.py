"""4-cache_query.py: the same query reaches the database once."""

from typing import Any

from alx.decorators import DecoratorCase
from grader.kit import Failure

ONE = "SELECT name FROM users WHERE id = 1"
SIX = "SELECT name FROM users WHERE id = 6"
NAME = "fetch_users_with_cache"


class CacheQuery(DecoratorCase):
    """cache_query(func) keeps the results of each query."""

    file = "4-cache_query.py"

    def setUp(self) -> None:
        super().setUp()
        self.ran: list[str] = []
        self.conn: Any = None

        def fetch_users_with_cache(conn: Any, query: str) -> Any:
            self.ran.append(query)
            self.conn = conn
            return self.db.rows(query)
        self.fetch = self.caching(fetch_users_with_cache)

    def caching(self, function: Any) -> Any:
        """Put the decorator on a function and connect the result."""
        return self.connected(self.decorate("cache_query", function), NAME)

    def assertRan(self, times: int, calls: str) -> None:
        """Check how often the function itself was called."""
        ran = len(self.see(lambda: self.ran))
        self.assertHolds(ran == times, Failure(
            f"{calls} should reach the database {_times(times)}, not "
            f"{_times(ran)}", call=calls, expected=_times(times),
            got=_times(ran)))

    def test_returns_the_rows(self) -> None:
        self.assertRows([("Amara Obi",)], self.fetch, query=ONE)

    def test_returns_the_rows_again(self) -> None:
        self.call(self.fetch, query=ONE)
        self.assertRows([("Amara Obi",)], self.fetch, query=ONE)

    def test_runs_a_repeated_query_once(self) -> None:
        for _ in range(3):
            self.call(self.fetch, query=ONE)
        self.assertRan(1, "three calls with the same query=...")

    def test_runs_a_repeated_positional_query_once(self) -> None:
        for _ in range(3):
            self.call(self.fetch, ONE)
        self.assertRan(1, "three calls with the same positional query")

    def test_runs_another_query(self) -> None:
        self.call(self.fetch, query=ONE)
        self.assertRows([("Farah Noor",)], self.fetch, query=SIX)

    def test_runs_another_positional_query(self) -> None:
        self.call(self.fetch, ONE)
        self.assertRows([("Farah Noor",)], self.fetch, SIX)

    def test_keeps_the_results_of_several_queries(self) -> None:
        for query in (ONE, SIX, ONE, SIX):
            self.call(self.fetch, query=query)
        self.assertRan(2, "four calls with two different queries")

    def test_tells_fresh_queries_apart(self) -> None:
        for number in self.random.sample(range(1, 8), 3):
            query = f"SELECT id FROM users WHERE id = {number}"
            self.assertRows([(number,)], self.fetch, query=query)

    def test_reaches_the_database_once_a_fresh_query(self) -> None:
        users = self.fresh_users(5)
        asked = self.random.choices(users, k=12)
        for number, name, email, _ in asked:
            query = f"SELECT name, email FROM users WHERE id = {number}"
            self.assertRows([(name, email)], self.fetch, query=query)
        ran: list[str] = self.see(lambda: self.ran)
        wanted = dict.fromkeys(f"SELECT name, email FROM users WHERE id = "
                               f"{user[0]}" for user in asked)
        self.assertGot([*wanted], ran, "the queries that reach the database")

    def test_passes_the_connection_on(self) -> None:
        self.call(self.fetch, query=ONE)
        ran, is_none = self.see(lambda: (self.ran, self.conn is None))
        call = "fetch_users_with_cache(query=...)"
        self.assertHolds(not (ran and is_none), Failure(
            f"{call} is called without the connection that cache_query was "
            "given", call=call, expected="a connection", got="None"))

    def test_lets_errors_out(self) -> None:
        text = f"database {self.letters()} is locked"
        busy = [self.db_error(text)]

        def fetch_users_with_cache(conn: Any, query: str) -> str:
            if busy:
                raise busy.pop()
            return "fetched"
        fetch = self.caching(fetch_users_with_cache)
        error = self.db_error_name()
        self.assertLetsOut(error, text, fetch, query=ONE)
        if self.attempt(fetch, query=ONE):
            self.advise("do not keep errors in the cache: the query may work "
                        "the next time")

    def test_keys_on_the_parameters(self) -> None:
        def fetch(conn: Any, query: str, parameters: Any = ()) -> Any:
            return parameters
        query = "SELECT * FROM users WHERE id = ?"
        cached = self.caching(fetch)

        def is_stale() -> bool:
            try:
                return bool(cached(query, (1,)) == cached(query, (2,)))
            except Exception:
                return True
        if self.see(is_stale):
            self.advise("put the query's parameters into the cache key too: "
                        "one query has other rows for other parameters")


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
