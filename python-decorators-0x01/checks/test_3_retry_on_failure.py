"""3-retry_on_failure.py: a failing call is tried again."""

import inspect
from itertools import pairwise
from typing import Any

from alx.decorators import DecoratorCase
from grader.kit import Failure

NAME = "fetch_users_with_retry"


class TooMany(BaseException):
    """Ends a decorator that never gives up."""


class RetryOnFailure(DecoratorCase):
    """retry_on_failure(retries, delay) repeats a call that raises."""

    file = "3-retry_on_failure.py"

    def setUp(self) -> None:
        self.moments: list[float] = []
        super().setUp()
        self.attempts = 0

    def start_over(self) -> None:
        self.attempts = 0
        self.moments.clear()

    def made(self) -> int:
        """Return how many attempts were made."""
        attempts: int = self.see(lambda: self.attempts)
        return attempts

    def retrying(self, function: Any, retries: int = 3,
                 delay: float = 1) -> Any:
        """Put the decorator on a function."""
        return self.put(self.call(self.task.retry_on_failure,
                                  retries=retries, delay=delay), function)

    def fetching(self, failures: int, error: Exception, retries: int = 3,
                 delay: float = 1) -> Any:
        """Return a decorated function whose first calls raise `error`."""
        def fetch_users_with_retry(conn: Any) -> str:
            self.attempts += 1
            self.moments.append(self.clock.now)
            if self.attempts > 20:
                raise TooMany(f"it is still trying after {failures} failures")
            if self.attempts <= failures:
                raise error
            return f"attempt {self.attempts}"
        return self.connected(self.retrying(
            fetch_users_with_retry, retries, delay), NAME)

    def busy(self, failures: int, retries: int = 3,
             delay: float = 1) -> Any:
        """Return a decorated function that finds the database locked."""
        return self.fetching(failures, self.db_error("database is locked"),
                             retries, delay)

    def test_calls_once_when_nothing_fails(self) -> None:
        self.assertReturns("attempt 1", self.busy(0))
        self.assertGot(1, self.made(), "the number of attempts")

    def test_returns_an_empty_result_at_once(self) -> None:
        def fetch_users_with_retry(conn: Any) -> list[str]:
            self.attempts += 1
            return []
        self.assertReturns([], self.connected(
            self.retrying(fetch_users_with_retry), NAME))
        self.assertGot(1, self.made(),
                       "the number of attempts when no user is found")

    def test_tries_again_after_one_failure(self) -> None:
        self.assertReturns("attempt 2", self.busy(1))

    def test_tries_again_after_two_failures(self) -> None:
        self.assertReturns("attempt 3", self.busy(2))

    def test_gives_up_after_three_retries(self) -> None:
        call = f"{NAME}() that always fails, with retries=3, delay=1"
        self.attempt(self.busy(1000))
        # Three attempts, or a first one and three more: both are retries=3.
        attempts = self.made()
        self.assertHolds(attempts in (3, 4), Failure(
            f"{call} should be attempted 3 times, not {attempts}", call=call,
            expected="3 attempts", got=f"{attempts}"))

    def test_keeps_to_other_numbers_of_retries(self) -> None:
        for retries in (1, 2, 5, self.random.randint(6, 9)):
            call = f"{NAME}() that always fails, with retries={retries}"
            self.see(self.start_over)
            self.attempt(self.busy(1000, retries))
            attempts = self.made()
            self.assertHolds(attempts in (retries, retries + 1), Failure(
                f"{call} should be attempted {_times(retries)}, not "
                f"{_times(attempts)}", call=call, got=f"{attempts}",
                expected=f"{retries} attempt{'s' * (retries > 1)}"))

    def test_tries_again_whatever_the_error_says(self) -> None:
        for text in ("disk I/O error", f"no such table: {self.letters()}"):
            self.see(self.start_over)
            fetch = self.fetching(1, self.db_error(text))
            self.assertReturns("attempt 2", fetch)

    def test_raises_when_every_attempt_fails(self) -> None:
        error, busy = self.db_error_name(), self.busy(1000)
        self.assertRaisesOn(error, busy)

    def test_starts_anew_with_every_call(self) -> None:
        fetch = self.busy(2)
        self.assertReturns("attempt 3", fetch)
        self.see(self.start_over)
        self.assertReturns("attempt 3", fetch)

    def test_passes_arguments_on(self) -> None:
        self.assertReturns(123, self.adding(failures=0), 1, 2, three=3)

    def test_passes_arguments_on_in_every_attempt(self) -> None:
        self.assertReturns(123, self.adding(failures=2), 1, 2, three=3)

    def test_passes_fresh_arguments_on_until_it_succeeds(self) -> None:
        for _ in range(4):
            failures = self.random.randrange(3)
            self.see(self.start_over)
            one, two, three = (self.random.randrange(9999) for _ in range(3))
            self.assertReturns(100 * one + 10 * two + three,
                               self.adding(failures), one, two, three=three)
            self.assertGot(failures + 1, self.made(), "the number of attempts"
                           f" where the first {failures} fail")

    def adding(self, failures: int) -> Any:
        """Return a decorated function that shows what it was called with."""
        def add(one: int = 0, two: int = 0, three: int = 0) -> int:
            self.attempts += 1
            if self.attempts <= failures:
                raise self.db_error("database is locked")
            return 100 * one + 10 * two + three
        return self.retrying(add)

    def test_waits_between_attempts(self) -> None:
        for delay in (1, 4, self.random.randint(5, 9)):
            self.see(self.start_over)
            self.attempt(self.busy(2, delay=delay))
            moments: list[float] = self.see(lambda: self.moments)
            call = f"{NAME}() that fails twice, with delay={delay}"
            for one, two in pairwise(moments):
                self.assertHolds(two - one > delay - 1e-6, Failure(
                    f"{call} should wait {delay} s between two attempts, not "
                    f"{two - one:g} s", call=call, expected=f"{delay} s",
                    got=f"{two - one:g} s"))

    def test_waits_no_more_after_the_last_attempt(self) -> None:
        self.attempt(self.busy(1000))
        if 0 < self.made() <= len(self.sleeps):
            self.advise("do not sleep after the last attempt: "
                        "nothing is tried after it")

    def test_retries_other_errors_too(self) -> None:
        if self.attempt(self.fetching(2, ConnectionError("line is dead"))):
            self.advise("retry on any Exception: a network error is as "
                        "transient as one of the database")

    def test_has_the_defaults_of_the_prototype(self) -> None:
        defaults = self.see(lambda: {
            name: each.default for name, each in inspect.signature(
                self.task.retry_on_failure).parameters.items()})
        if (defaults.get("retries"), defaults.get("delay")) != (3, 2):
            self.advise("give the parameters the defaults of the prototype, "
                        "retries=3, delay=2: it may be called without them")


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")
