"""2-measure_runtime.py: the run time of four comprehensions at once."""

from alx.delays import Delays, DelaysCase

CALL = "measure_runtime()"


class MeasureRuntime(DelaysCase):
    """measure_runtime(), with comprehensions that the suite controls."""

    file = "2-measure_runtime.py"

    def setUp(self) -> None:
        self.delays = Delays(10.0)
        self.siblings = {
            "1-async_comprehension":
            {"async_comprehension": self.async_comprehension}}
        super().setUp()
        self.delays.forget()

    def test_runs_four_comprehensions(self) -> None:
        self.run_async(self.task.measure_runtime)
        self.assertUses(4, len(self.asked()), "async_comprehension",
                        CALL)

    def test_runs_them_at_once(self) -> None:
        self.run_async(self.task.measure_runtime)
        self.assertTook(10, CALL)

    def test_returns_the_seconds_it_took(self) -> None:
        got = self.run_async(self.task.measure_runtime)
        self.assertClockRuns(10.0, got, CALL)
        self.assertGot(10.0, got, f"{CALL}, where each comprehension takes "
                       "10 s,")

    def test_returns_the_seconds_of_the_slowest(self) -> None:
        self.delays.script = (2.5, 7.125, 1.0, 3.0)
        got = self.run_async(self.task.measure_runtime)
        self.assertGot(7.125, got, f"{CALL}, where the slowest comprehension "
                       "takes 7.125 s,")

    def test_waits_until_all_are_over(self) -> None:
        self.delays.script = (2.5, 7.125, 1.0, 3.0)
        self.run_async(self.task.measure_runtime)
        self.assertTook(7.125, CALL)

    def test_returns_the_seconds_of_fresh_ones(self) -> None:
        # Sums of parts of two are exact, also on a clock of large numbers.
        delays = [self.random.randrange(1, 100_000) / 1024 for _ in range(4)]
        self.delays.script = tuple(delays)
        got = self.run_async(self.task.measure_runtime)
        self.assertGot(max(delays), got, f"{CALL}, where the slowest "
                       f"comprehension takes {max(delays):g} s,")
        self.assertTook(max(delays), CALL)

    async def async_comprehension(self) -> list[float]:
        """Stand in for the coroutine of 1-async_comprehension.py."""
        await self.delays.wait_random()
        return [0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5]
