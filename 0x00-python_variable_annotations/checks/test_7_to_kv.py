"""7-to_kv.py: a key and the square of a number."""

from grader.kit import TaskCase


class ToKv(TaskCase):
    """to_kv(k, v) is the tuple of k and v squared; 9 is as good as 9.0."""

    file = "7-to_kv.py"

    def test_squares_a_whole_number(self) -> None:
        self.assertReturns(("eggs", 9), self.task.to_kv, "eggs", 3)

    def test_squares_a_float(self) -> None:
        self.assertReturns(("school", 0.0004), self.task.to_kv,
                           "school", 0.02)

    def test_squares_a_negative_number(self) -> None:
        self.assertReturns(("cold", 6.25), self.task.to_kv, "cold", -2.5)

    def test_squares_zero(self) -> None:
        self.assertReturns(("none", 0), self.task.to_kv, "none", 0)

    def test_keeps_the_key_as_it_is(self) -> None:
        self.assertReturns(("", 1), self.task.to_kv, "", 1)
        self.assertReturns((" Two\n", 4), self.task.to_kv, " Two\n", 2)

    def test_returns_a_tuple(self) -> None:
        self.assertReturnsType(tuple, self.task.to_kv, "eggs", 3)

    def test_agrees_with_the_model_on_fresh_pairs(self) -> None:
        for number in range(20):
            self.observe(self.task.to_kv, f"key {number}",
                         self.random.choice([
                             self.random.randrange(-999, 999),
                             self.random.uniform(-999, 999)]))
