"""0-add.py: the sum of two numbers."""

from grader.kit import TaskCase


class Add(TaskCase):
    """add(a, b) is a plain sum."""

    file = "0-add.py"

    def test_adds_two_floats(self) -> None:
        self.assertReturns(3.33, self.task.add, 1.11, 2.22)
        self.assertReturns(0.75, self.task.add, 0.5, 0.25)

    def test_adds_negative_numbers(self) -> None:
        self.assertReturns(-3.75, self.task.add, -2.5, -1.25)
        self.assertReturns(-1.25, self.task.add, 1.25, -2.5)

    def test_adds_zero(self) -> None:
        self.assertReturns(0.0, self.task.add, 0.0, 0.0)
        self.assertReturns(2.5, self.task.add, 0.0, 2.5)

    def test_adds_infinity(self) -> None:
        infinity = float("inf")
        self.assertReturns(infinity, self.task.add, infinity, 1.5)
        self.assertReturns(-infinity, self.task.add, 1.5, -infinity)

    def test_returns_a_float(self) -> None:
        self.assertReturnsType(float, self.task.add, 1.11, 2.22)

    def test_agrees_with_the_model_on_fresh_numbers(self) -> None:
        for _ in range(20):
            self.observe(self.task.add, self.random.uniform(-1e3, 1e3),
                         self.random.uniform(-1e3, 1e3))
