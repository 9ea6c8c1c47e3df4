"""6-sum_mixed_list.py: the sum of whole numbers and floats."""

from grader.kit import TaskCase


class SumMixedList(TaskCase):
    """sum_mixed_list(mxd_lst) adds up every element of either type."""

    file = "6-sum_mixed_list.py"

    def test_adds_up_whole_numbers_and_floats(self) -> None:
        self.assertReturns(679.13, self.task.sum_mixed_list,
                           [5, 4, 3.14, 666, 0.99])

    def test_adds_up_whole_numbers_alone(self) -> None:
        self.assertReturns(6, self.task.sum_mixed_list, [1, 2, 3])

    def test_adds_up_floats_alone(self) -> None:
        self.assertReturns(2.25, self.task.sum_mixed_list, [0.5, 1.75])

    def test_adds_up_negative_numbers(self) -> None:
        self.assertReturns(-1.25, self.task.sum_mixed_list, [-3, 2.75, -1])

    def test_sum_of_an_empty_list_is_zero(self) -> None:
        self.assertReturns(0, self.task.sum_mixed_list, [])

    def test_adds_up_infinity(self) -> None:
        infinity = float("inf")
        self.assertReturns(infinity, self.task.sum_mixed_list, [3, infinity])

    def test_leaves_the_list_alone(self) -> None:
        mixed = [5, 4, 3.14]
        self.call(self.task.sum_mixed_list, mixed)
        self.assertGot([5, 4, 3.14], self.see(lambda: mixed),
                       "mixed, after sum_mixed_list(mixed),")

    def test_agrees_with_the_model_on_fresh_lists(self) -> None:
        for size in range(20):
            self.observe(self.task.sum_mixed_list, [
                self.random.choice([self.random.randrange(-99, 99),
                                    self.random.uniform(-99, 99)])
                for _ in range(size)])
