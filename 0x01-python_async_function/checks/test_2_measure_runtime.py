"""2-measure_runtime.py: the time that wait_n takes, per wait."""

import asyncio
import inspect
from collections.abc import Coroutine
from typing import Any

from grader.kit import Failure, TimedCase
from grader.kit.live import kind_of


class MeasureTime(TimedCase):
    """measure_time(n, max_delay), with a wait_n that the suite controls."""

    file = "2-measure_runtime.py"

    def setUp(self) -> None:
        self.seconds = 10.0
        self.calls: list[tuple[int, int]] = []
        self.called = 0
        self.siblings = {"1-concurrent_coroutines": {"wait_n": self.wait_n}}
        super().setUp()
        self.calls.clear()
        self.called = 0

    def test_is_a_plain_function(self) -> None:
        self.measure(4, 10)

    def test_runs_wait_n_once(self) -> None:
        self.measure(4, 10)
        self.assertUses(1, len(self.passed()), "wait_n", "measure_time(4, 10)")

    def test_passes_its_arguments_on(self) -> None:
        self.measure(4, 10)
        self.assertPasses((4, 10), self.passed()[0], "wait_n",
                          "measure_time(4, 10)")

    def test_divides_the_total_time_by_n(self) -> None:
        self.assertGot(2.5, self.measure(4, 10), "measure_time(4, 10), where "
                       "wait_n takes 10 s,")

    def test_a_single_wait_takes_the_total_time(self) -> None:
        self.seconds = 3.125
        self.assertGot(3.125, self.measure(1, 5), "measure_time(1, 5), where "
                       "wait_n takes 3.125 s,")

    def test_can_be_called_again(self) -> None:
        for n in (2, 4):
            self.assertGot(10.0 / n, self.measure(n, 10),
                           f"measure_time({n}, 10), where wait_n takes 10 s,")

    def test_measures_fresh_times(self) -> None:
        for n in (2, 8, 16):
            self.seconds = self.random.randrange(1, 80) / 4
            self.assertGot(self.seconds / n, self.measure(n, 20),
                           f"measure_time({n}, 20), where wait_n takes "
                           f"{self.seconds:g} s,")

    def test_passes_fresh_arguments_on(self) -> None:
        n, limit = self.random.randrange(2, 99), self.random.randrange(999)
        self.measure(n, limit)
        self.assertPasses([(n, limit)], self.passed(), "wait_n",
                          f"measure_time({n}, {limit})")

    def wait_n(self, n: int, max_delay: int
               ) -> Coroutine[None, None, list[float]]:
        """Stand in for the coroutine of 1-concurrent_coroutines.py."""
        self.called += 1
        return self.wait(n, max_delay)

    async def wait(self, n: int, max_delay: int) -> list[float]:
        """Wait as wait_n does."""
        self.calls.append((n, max_delay))
        await asyncio.sleep(self.seconds)
        return [self.seconds] * n

    def measure(self, n: int, max_delay: int) -> Any:
        """Call measure_time, which must not be a coroutine."""
        call = f"measure_time({n}, {max_delay})"
        got = self.call(self.task.measure_time, n, max_delay)
        self.assertHolds(kind_of(got) != "coroutine", Failure(
            f"{call} gives a coroutine: measure_time should be a plain "
            "function that runs wait_n itself", call=call,
            expected="a float", got="a coroutine"))
        called = self.see(lambda: self.called)
        if not self.passed():
            self.assertUses(1, 0, "wait_n of 1-concurrent_coroutines.py",
                            call, called)
        self.assertClockRuns(self.seconds / n, got, call)
        return got

    def passed(self) -> list[tuple[int, int]]:
        """Return the arguments of each call of wait_n."""
        calls: list[tuple[int, int]] = self.see(lambda: self.calls)
        return calls

    def _run(self, *details: Any) -> Any:
        """Close a coroutine that is not awaited: that would be a warning."""
        got = super()._run(*details)
        if inspect.iscoroutine(got):
            got.close()
        return got
