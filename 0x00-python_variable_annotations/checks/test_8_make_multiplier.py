"""8-make_multiplier.py: a function that makes functions."""

from collections.abc import Callable
from typing import Any

from grader.kit import TaskCase
from grader.kit.live import is_callable
from grader.kit.values import show


class MakeMultiplier(TaskCase):
    """make_multiplier(multiplier) returns a function of one number."""

    file = "8-make_multiplier.py"

    def test_returns_a_function(self) -> None:
        self.make(2.5)

    def test_multiplies_by_the_multiplier(self) -> None:
        self.assertReturns(7.5, self.make(2.5), 3.0)
        self.assertReturns(4.9284, self.make(2.22), 2.22)

    def test_multiplies_negative_numbers(self) -> None:
        self.assertReturns(-3.75, self.make(-2.5), 1.5)
        self.assertReturns(-5.0, self.make(2.0), -2.5)

    def test_multiplies_by_zero(self) -> None:
        self.assertReturns(0.0, self.make(0.0), 4.5)
        self.assertReturns(0.0, self.make(4.5), 0.0)

    def test_a_function_can_be_called_again(self) -> None:
        multiply = self.make(0.5)
        self.assertReturns(4.0, multiply, 8.0)
        self.assertReturns(1.5, multiply, 3.0)

    def test_two_functions_keep_apart(self) -> None:
        double, triple = self.make(2.0), self.make(3.0)
        self.assertReturns(10.0, double, 5.0)
        self.assertReturns(15.0, triple, 5.0)

    def test_agrees_with_the_model_on_fresh_numbers(self) -> None:
        for _ in range(20):
            multiply = self.make(self.random.uniform(-99, 99))
            self.observe(multiply, self.random.uniform(-99, 99))

    def make(self, multiplier: float) -> Callable[[float], Any]:
        """Make a multiplier that is named as its call reads."""
        call = f"make_multiplier({multiplier})"
        made = self.call(self.task.make_multiplier, multiplier)
        self.assertHolds(is_callable(made),
                         self.mismatch("a function", show(made), call))

        def multiply(n: float) -> Any:
            return made(n)

        multiply.__name__ = call
        return multiply
