"""5-sum_list.py: the sum of a list of floats."""

from grader.kit import TaskCase


class SumList(TaskCase):
    """sum_list(input_list) adds up every element."""

    file = "5-sum_list.py"

    def test_adds_up_the_list(self) -> None:
        self.assertReturns(6.47, self.task.sum_list, [3.14, 1.11, 2.22])

    def test_adds_up_negative_numbers(self) -> None:
        self.assertReturns(-0.75, self.task.sum_list, [-1.5, 2.25, -1.5])

    def test_counts_equal_elements_each_time(self) -> None:
        self.assertReturns(1.0, self.task.sum_list, [0.1] * 10)

    def test_sum_of_an_empty_list_is_zero(self) -> None:
        self.assertReturns(0, self.task.sum_list, [])

    def test_sum_of_one_element_is_the_element(self) -> None:
        self.assertReturns(2.5, self.task.sum_list, [2.5])

    def test_adds_up_infinity(self) -> None:
        infinity = float("inf")
        self.assertReturns(infinity, self.task.sum_list, [1.5, infinity])

    def test_leaves_the_list_alone(self) -> None:
        floats = [3.14, 1.11, 2.22]
        self.call(self.task.sum_list, floats)
        self.assertGot([3.14, 1.11, 2.22], self.see(lambda: floats),
                       "floats, after sum_list(floats),")

    def test_returns_a_float(self) -> None:
        self.assertReturnsType(float, self.task.sum_list, [3.14, 1.11, 2.22])

    def test_agrees_with_the_model_on_fresh_lists(self) -> None:
        for size in range(20):
            self.observe(self.task.sum_list, [
                self.random.uniform(-1e3, 1e3) for _ in range(size)])
