"""0-basic_async_syntax.py: a coroutine that waits for a random time."""

import inspect

from grader.kit import Failure, TimedCase
from grader.kit.values import show


class WaitRandom(TimedCase):
    """wait_random(max_delay) waits and says how long."""

    file = "0-basic_async_syntax.py"

    def test_returns_a_float(self) -> None:
        got = self.run_async(self.task.wait_random, 5)
        self.assertHolds(type(got) is float, self.mismatch(
            "a float", show(got), "wait_random(5)"))

    def test_stays_between_zero_and_max_delay(self) -> None:
        for max_delay in (5, 1, 15, 2):
            self.sample(25, max_delay)

    def test_uses_the_whole_range(self) -> None:
        self.check_spread(self.sample(100, 20), 20, "wait_random(20)")

    def test_comes_near_both_ends_of_the_range(self) -> None:
        drawn = self.sample(300, 10)
        low, high = min(drawn), max(drawn)
        self.assertHolds(low < 1 and high > 9, self.mismatch(
            "random numbers from all of 0 to 10",
            f"in 300 draws only ones from {low:.3g} to {high:.3g}",
            "wait_random(10)"))

    def test_keeps_to_fresh_limits(self) -> None:
        for _ in range(8):
            most = round(2 ** self.random.uniform(1, 5))
            self.check_spread(self.sample(30, most), most,
                              f"wait_random({most})")

    def test_waits_up_to_10_seconds_without_an_argument(self) -> None:
        self.check_spread(self.sample(100), 10, "wait_random()")
        default = self.see(lambda: inspect.signature(
            self.task.wait_random).parameters["max_delay"].default)
        if isinstance(default, (int, float)):
            self.assertGot(10, default, "max_delay in wait_random()")

    def test_waits_as_long_as_it_says(self) -> None:
        delay = self.sample(1, 8)[0]
        self.assertTook(delay, "wait_random(8)")

    def test_leaves_the_event_loop_free(self) -> None:
        self.run_async(self.task.wait_random, 8)
        waited = self.waited
        self.assertHolds(not waited.is_blocking, Failure(
            "wait_random(8) waits with time.sleep, which holds up the event "
            "loop: it should await", call="wait_random(8)",
            expected="an asynchronous wait", got="time.sleep"))

    def test_waits_no_time_for_a_max_delay_of_0(self) -> None:
        got = self.run_async(self.task.wait_random, 0)
        self.assertGot(0.0, got, "wait_random(0)")
        self.assertTook(0, "wait_random(0)")

    def sample(self, times: int, *args: int) -> list[float]:
        """Call so often; every number must be within 0 and max_delay."""
        most = [*args, 10][0]
        call = f"wait_random({', '.join(map(str, args))})"
        drawn = self.run_often(times, self.task.wait_random, *args)
        for got in drawn:
            self.assertHolds(
                type(got) in (float, int) and 0 <= got <= most,
                self.mismatch(f"a number from 0 to {most}", show(got), call))
        return drawn

    def check_spread(self, drawn: list[float], most: int, call: str) -> None:
        """Check that both halves of the range occur."""
        low, high = min(drawn), max(drawn)
        self.assertHolds(low < most / 2 < high, self.mismatch(
            f"random numbers from all of 0 to {most}",
            f"only ones from {low:.3g} to {high:.3g}", call))
