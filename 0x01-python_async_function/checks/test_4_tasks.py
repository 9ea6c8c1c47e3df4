"""4-tasks.py: n random waits at once, as tasks."""

import asyncio
from typing import Any

from alx.delays import Delays, DelaysCase


class TaskWaitN(DelaysCase):
    """task_wait_n(n, max_delay), with tasks that the suite controls."""

    file = "4-tasks.py"

    def setUp(self) -> None:
        self.delays = Delays(5.0)
        # Some files import the coroutine, too; it is not what is asked for.
        other = Delays(5.0)
        self.siblings = {
            "3-tasks": {"task_wait_random": self.task_wait_random,
                        "wait_random": other.wait_random},
            "0-basic_async_syntax": {"wait_random": other.wait_random}}
        super().setUp()
        self.delays.forget()

    def test_returns_the_delays_in_ascending_order(self) -> None:
        self.delays.script = (3.0, 0.5, 5.0, 1.25, 4.0)
        got = self.run_waits(5, 5)
        self.assertGot([0.5, 1.25, 3.0, 4.0, 5.0], got,
                       self.named("task_wait_n(5, 5)"))
        if {"sorted", "sort"} & self.called_names():
            self.advise("the delays need no sorting: asyncio.as_completed "
                        "gives each as it ends, the shortest first")

    def test_waits_all_at_once(self) -> None:
        self.run_waits(5, 5)
        self.assertTook(5, "task_wait_n(5, 5)")

    def test_takes_as_long_as_the_longest_wait(self) -> None:
        self.delays.script = (2.0, 8.5, 0.25, 6.0)
        self.run_waits(4, 9)
        self.assertTook(8.5, "task_wait_n(4, 9)")

    def test_returns_every_delay_also_equal_ones(self) -> None:
        self.delays.script = (2.5, 1.0, 2.5, 1.0)
        got = self.run_waits(4, 3)
        self.assertGot([1.0, 1.0, 2.5, 2.5], got,
                       self.named("task_wait_n(4, 3)"))

    def test_calls_task_wait_random_n_times(self) -> None:
        self.run_waits(7, 6)
        self.assertUses(7, len(self.asked()), "task_wait_random",
                        "task_wait_n(7, 6)")

    def test_passes_max_delay_on(self) -> None:
        self.run_waits(2, 6)
        self.assertPasses([6, 6], self.asked(), "task_wait_random",
                          "task_wait_n(2, 6)")

    def test_returns_an_empty_list_for_no_waits(self) -> None:
        got = self.run_waits(0, 5)
        self.assertGot([], got, "task_wait_n(0, 5)")

    def test_takes_no_time_for_a_max_delay_of_0(self) -> None:
        self.delays.script = (0.0,)
        got = self.run_waits(3, 0)
        self.assertGot([0.0, 0.0, 0.0], got,
                       self.named("task_wait_n(3, 0)"))
        self.assertTook(0, "task_wait_n(3, 0)")

    def test_sorts_fresh_delays(self) -> None:
        script = [self.random.randrange(1, 80) / 8 for _ in range(12)]
        self.delays.script = tuple(script)
        got = self.run_waits(12, 10)
        self.assertGot(sorted(script), got,
                       self.named("task_wait_n(12, 10)"))
        self.assertTook(max(script), "task_wait_n(12, 10)")

    def test_waits_a_fresh_number_of_times(self) -> None:
        for _ in range(3):
            n, limit = self.random.randrange(2, 12), self.random.randrange(999)
            self.delays.forget()
            self.run_waits(n, limit)
            self.assertPasses([limit] * n, self.asked(), "task_wait_random",
                              f"task_wait_n({n}, {limit})")

    def run_waits(self, n: int, max_delay: int) -> Any:
        """Run task_wait_n, which must use task_wait_random at all."""
        got = self.run_async(self.task.task_wait_n, n, max_delay)
        if n and not self.asked():
            self.assertUses(n, 0, "task_wait_random of 3-tasks.py",
                            f"task_wait_n({n}, {max_delay})")
        return got

    def task_wait_random(self, max_delay: int) -> asyncio.Task[float]:
        """Stand in for the function of 3-tasks.py."""
        return asyncio.create_task(self.delays.wait_random(max_delay))
