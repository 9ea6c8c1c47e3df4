"""0-async_generator.py: ten random numbers, one a second."""

from typing import Any

from grader.kit import Failure, TimedCase
from grader.kit.values import same, show

CALL = "async_generator()"


class AsyncGenerator(TimedCase):
    """async_generator() waits a second before each number."""

    file = "0-async_generator.py"

    def test_yields_10_numbers(self) -> None:
        got = self.collect(self.task.async_generator)
        self.assertCount(10, len(got))

    def test_yields_floats(self) -> None:
        for value in self.numbers():
            self.assertHolds(type(value) is float,
                             self.mismatch("floats", show(value), CALL))

    def test_stays_between_0_and_10(self) -> None:
        for value in self.numbers(20):
            self.assertHolds(
                type(value) in (float, int) and 0 <= value <= 10,
                self.mismatch("numbers from 0 to 10", show(value), CALL))

    def test_draws_from_the_whole_range(self) -> None:
        drawn = self.floats(30)
        low, high = min(drawn, default=0), max(drawn, default=0)
        self.assertHolds(low < 5 < high, self.mismatch(
            "random numbers from all of 0 to 10",
            f"only ones from {low:.3g} to {high:.3g}", CALL))
        self.assertHolds(low < 1 and high > 9, self.mismatch(
            "random numbers from all of 0 to 10",
            f"in 300 draws only ones from {low:.3g} to {high:.3g}", CALL))

    def test_draws_each_number_anew(self) -> None:
        drawn = self.floats()
        self.assertHolds(
            not drawn or drawn != drawn[:1] * len(drawn),
            self.mismatch("a new random number each time",
                          f"{show([*drawn, None][0])} every time", CALL))

    def test_draws_other_numbers_when_called_again(self) -> None:
        drawn, others = self.floats(), self.floats()
        self.assertHolds(not drawn or drawn != others, self.mismatch(
            "other numbers than the call before", "the same ones",
            f"a second {CALL}"))

    def test_waits_a_second_before_the_first_number(self) -> None:
        self.check_moments(1)

    def test_waits_a_second_before_each_number(self) -> None:
        self.check_moments(20)

    def test_waits_no_more_after_the_last_number(self) -> None:
        self.collect(self.task.async_generator)
        self.assertTook(10, CALL)

    def test_waits_a_second_after_each_number_was_taken(self) -> None:
        pauses = [self.random.randrange(1, 800) / 8 for _ in range(10)]
        got = self.collect(self.task.async_generator, pauses=pauses)
        before = 0.0
        for number, ((moment, _), pause) in enumerate(zip(got, pauses), 1):
            self.assertHolds(same(before + 1, moment), Failure(
                f"number {number} of {CALL} comes {moment - before:g} s "
                "after it is asked for, and should come 1 s after",
                call=CALL, expected="1 s", got=f"{moment - before:g} s"))
            before = moment + pause
        # Of numbers that do not come no moment is wrong.
        self.assertCount(10, len(got))

    def test_leaves_the_event_loop_free(self) -> None:
        self.collect(self.task.async_generator)
        waited = self.waited
        self.assertHolds(not waited.is_blocking, Failure(
            f"{CALL} waits with time.sleep, which holds up the event loop: "
            "it should await", call=CALL, expected="asynchronous waits",
            got="time.sleep"))

    def assertCount(self, expected: int, got: int) -> None:
        """Check how many numbers came, of at most twenty."""
        count = f"{got} or more" if got == 20 else str(got)
        self.assertHolds(got == expected, Failure(
            f"{CALL} should yield {expected} numbers, not {count}",
            call=CALL, expected=str(expected), got=count))

    def numbers(self, times: int = 1) -> list[Any]:
        """Return the values of some generators, one after the other."""
        return [value for got in self.collect_often(
            times, self.task.async_generator) for _, value in got]

    def floats(self, times: int = 1) -> list[float]:
        """Return those values that are plain numbers."""
        return [value for value in self.numbers(times)
                if type(value) in (float, int)]

    def check_moments(self, most: int) -> None:
        """Check when each of the first numbers comes."""
        got = self.collect(self.task.async_generator, most=most)
        for number, (moment, _) in enumerate(got, 1):
            self.assertHolds(same(number, moment), Failure(
                f"number {number} of {CALL} comes after {moment:g} s, and "
                f"should come after {number} s", call=CALL,
                expected=f"{number} s", got=f"{moment:g} s"))
