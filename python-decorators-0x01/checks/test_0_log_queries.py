"""0-log_queries.py: the query of a call is logged before it runs."""

from typing import Any

from alx.decorators import DecoratorCase
from grader.kit import Failure
from grader.kit.seen import says
from grader.kit.values import show


class LogQueries(DecoratorCase):
    """log_queries(func) logs each query, however it is passed."""

    file = "0-log_queries.py"

    def setUp(self) -> None:
        super().setUp()
        self.logged_before = ""
        self.ran: list[str] = []

        def fetch_all_users(query: str) -> list[Any]:
            self.logged_before = self.seen.text()
            self.ran.append(query)
            return self.db.rows(query)
        self.fetch = self.decorate_query(fetch_all_users)

    def assertLogged(self, query: str, /, *args: Any, **kwargs: Any) -> None:
        """Check that one call logs its query in time."""
        self.see(lambda: self.seen.forget())
        self.call(self.fetch, *args, **kwargs)
        before, logged = self.see(
            lambda: (self.logged_before, self.seen.text()))
        call = self.name_call(self.fetch, args, kwargs)
        self.assertHolds(says(logged, query), Failure(
            f"{call} does not log the query", call=call,
            expected=f"a log with {show(query)}",
            got=show(logged) if logged else "nothing logged"))
        self.assertHolds(says(before, query), Failure(
            f"{call} logs the query after it has run", call=call,
            expected="logged before the query runs", got="logged afterwards"))

    def test_logs_a_query_passed_by_keyword(self) -> None:
        query = f"SELECT * FROM users WHERE id = {self.random.randint(1, 7)}"
        self.assertLogged(query, query=query)

    def test_logs_a_query_passed_by_position(self) -> None:
        query = f"SELECT * FROM users WHERE id = {self.random.randint(1, 7)}"
        self.assertLogged(query, query)

    def test_logs_every_call(self) -> None:
        for age in (20, 30, 40):
            query = f"SELECT name FROM users WHERE age > {age}"
            self.assertLogged(query, query=query)

    def test_logs_fresh_queries(self) -> None:
        for _ in range(3):
            query = ("SELECT email FROM users WHERE name = "
                     f"'{self.letters()}' OR age = {self.random.random()}")
            self.assertLogged(query, query=query)
            self.assertLogged(query, query)

    def test_runs_the_query_once(self) -> None:
        self.call(self.fetch, query="SELECT * FROM users")
        ran = self.see(lambda: self.ran)
        self.assertGot(["SELECT * FROM users"], ran, "the queries that "
                       "fetch_all_users(query='SELECT * FROM users') runs")

    def test_returns_the_rows(self) -> None:
        self.assertRows([("Dina Haddad", 41)], self.fetch,
                        query="SELECT name, age FROM users WHERE id = 4")

    def test_returns_the_rows_of_a_query_passed_by_position(self) -> None:
        self.assertRows([("Farah Noor", 67)], self.fetch,
                        "SELECT name, age FROM users WHERE id = 6")

    def test_returns_the_rows_of_fresh_users(self) -> None:
        for number, name, email, age in self.fresh_users(3):
            query = f"SELECT name, email, age FROM users WHERE id = {number}"
            self.assertRows([(name, email, age)], self.fetch, query=query)

    def test_lets_errors_out(self) -> None:
        table = self.letters()

        def fetch_all_users(query: str) -> None:
            raise self.db_error(f"no such table: {table}")
        fetch = self.decorate_query(fetch_all_users)
        error = self.db_error_name()
        self.assertLetsOut(error, table, fetch,
                           query=f"SELECT * FROM {table}")

    def decorate_query(self, function: Any) -> Any:
        """Put log_queries on a function, in the form the file offers."""
        return self.decorate("log_queries", function, called="log_queries()")
