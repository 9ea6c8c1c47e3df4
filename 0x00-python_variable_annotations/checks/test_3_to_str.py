"""3-to_str.py: a number as text."""

from grader.kit import TaskCase


class ToStr(TaskCase):
    """to_str(n) is the text that Python itself writes for n."""

    file = "3-to_str.py"

    def test_writes_a_fraction(self) -> None:
        self.assertReturns("3.14", self.task.to_str, 3.14)

    def test_writes_negative_numbers(self) -> None:
        self.assertReturns("-0.5", self.task.to_str, -0.5)

    def test_keeps_the_point_of_a_whole_float(self) -> None:
        self.assertReturns("2.0", self.task.to_str, 2.0)
        self.assertReturns("0.0", self.task.to_str, 0.0)

    def test_keeps_every_digit(self) -> None:
        self.assertReturns("0.30000000000000004", self.task.to_str, 0.1 + 0.2)

    def test_writes_very_large_and_very_small_numbers(self) -> None:
        self.assertReturns("1e+22", self.task.to_str, 1e22)
        self.assertReturns("1e-07", self.task.to_str, 1e-07)

    def test_writes_infinity(self) -> None:
        self.assertReturns("-inf", self.task.to_str, float("-inf"))

    def test_agrees_with_the_model_on_fresh_numbers(self) -> None:
        for _ in range(20):
            self.observe(self.task.to_str, self.random.uniform(-1e6, 1e6))
