"""2-floor.py: the largest whole number that is not above n."""

from grader.kit import TaskCase


class Floor(TaskCase):
    """floor(n) rounds towards minus infinity."""

    file = "2-floor.py"

    def test_rounds_a_fraction_down(self) -> None:
        self.assertReturns(3, self.task.floor, 3.14)
        self.assertReturns(7, self.task.floor, 7.999)

    def test_floors_negative_numbers(self) -> None:
        self.assertReturns(-2, self.task.floor, -1.5)
        self.assertReturns(-1, self.task.floor, -0.01)

    def test_keeps_whole_numbers(self) -> None:
        self.assertReturns(0, self.task.floor, 0.0)
        self.assertReturns(5, self.task.floor, 5.0)

    def test_keeps_negative_whole_numbers(self) -> None:
        self.assertReturns(-4, self.task.floor, -4.0)
        self.assertReturns(-1, self.task.floor, -1.0)

    def test_returns_an_int(self) -> None:
        self.assertReturnsType(int, self.task.floor, 3.14)

    def test_agrees_with_the_model_on_fresh_numbers(self) -> None:
        for _ in range(20):
            self.observe(self.task.floor, self.random.uniform(-1e6, 1e6))
