"""1-concurrent_coroutines.py: n random waits at once."""

from typing import Any

from alx.delays import Delays, DelaysCase


class WaitN(DelaysCase):
    """wait_n(n, max_delay), with a wait_random that the suite controls."""

    file = "1-concurrent_coroutines.py"

    def setUp(self) -> None:
        self.delays = Delays(5.0)
        self.siblings = {"0-basic_async_syntax":
                         {"wait_random": self.delays.wait_random}}
        super().setUp()
        self.delays.forget()

    def test_returns_the_delays_in_ascending_order(self) -> None:
        self.delays.script = (3.0, 0.5, 5.0, 1.25, 4.0)
        got = self.run_waits(5, 5)
        self.assertGot([0.5, 1.25, 3.0, 4.0, 5.0], got,
                       self.named("wait_n(5, 5)"))
        if {"sorted", "sort"} & self.called_names():
            self.advise("the delays need no sorting: asyncio.as_completed "
                        "gives each as it ends, the shortest first")

    def test_waits_all_at_once(self) -> None:
        self.run_waits(5, 5)
        self.assertTook(5, "wait_n(5, 5)")

    def test_takes_as_long_as_the_longest_wait(self) -> None:
        self.delays.script = (2.0, 8.5, 0.25, 6.0)
        self.run_waits(4, 9)
        self.assertTook(8.5, "wait_n(4, 9)")

    def test_returns_every_delay_also_equal_ones(self) -> None:
        self.delays.script = (2.5, 1.0, 2.5, 1.0)
        got = self.run_waits(4, 3)
        self.assertGot([1.0, 1.0, 2.5, 2.5], got,
                       self.named("wait_n(4, 3)"))

    def test_calls_wait_random_n_times(self) -> None:
        self.run_waits(7, 6)
        self.assertUses(7, len(self.asked()), "wait_random",
                        "wait_n(7, 6)")

    def test_passes_max_delay_on(self) -> None:
        self.run_waits(2, 6)
        self.assertPasses([6, 6], self.asked(), "wait_random",
                          "wait_n(2, 6)")

    def test_returns_an_empty_list_for_no_waits(self) -> None:
        got = self.run_waits(0, 5)
        self.assertGot([], got, "wait_n(0, 5)")

    def test_takes_no_time_for_a_max_delay_of_0(self) -> None:
        self.delays.script = (0.0,)
        got = self.run_waits(3, 0)
        self.assertGot([0.0, 0.0, 0.0], got,
                       self.named("wait_n(3, 0)"))
        self.assertTook(0, "wait_n(3, 0)")

    def test_sorts_fresh_delays(self) -> None:
        script = [self.random.randrange(1, 80) / 8 for _ in range(12)]
        self.delays.script = tuple(script)
        got = self.run_waits(12, 10)
        self.assertGot(sorted(script), got,
                       self.named("wait_n(12, 10)"))
        self.assertTook(max(script), "wait_n(12, 10)")

    def test_waits_a_fresh_number_of_times(self) -> None:
        for _ in range(3):
            n, limit = self.random.randrange(2, 12), self.random.randrange(999)
            self.delays.forget()
            self.run_waits(n, limit)
            self.assertPasses([limit] * n, self.asked(), "wait_random",
                              f"wait_n({n}, {limit})")

    def run_waits(self, n: int, max_delay: int) -> Any:
        """Run wait_n, which must use wait_random at all."""
        got = self.run_async(self.task.wait_n, n, max_delay)
        called = self.called()
        if n and not self.asked():
            self.assertUses(n, 0, "wait_random of 0-basic_async_syntax.py",
                            f"wait_n({n}, {max_delay})", called)
        return got
