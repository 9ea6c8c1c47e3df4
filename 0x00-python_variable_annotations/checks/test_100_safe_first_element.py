"""100-safe_first_element.py: the first element, if there is one."""

from grader.kit import TaskCase


class SafeFirstElement(TaskCase):
    """safe_first_element(lst) works as the code that was handed over."""

    file = "100-safe_first_element.py"

    def test_returns_the_first_element(self) -> None:
        self.assertReturns(7, self.task.safe_first_element, [7, 8, 9])
        self.assertReturns("a", self.task.safe_first_element, ["a"])

    def test_returns_none_for_an_empty_sequence(self) -> None:
        self.assertReturns(None, self.task.safe_first_element, [])
        self.assertReturns(None, self.task.safe_first_element, ())
        self.assertReturns(None, self.task.safe_first_element, "")

    def test_returns_a_first_element_that_is_false(self) -> None:
        self.assertReturns(0, self.task.safe_first_element, [0, 1])
        self.assertReturns([], self.task.safe_first_element, [[], [1]])
        self.assertReturns(False, self.task.safe_first_element, (False, True))

    def test_takes_sequences_of_any_kind(self) -> None:
        self.assertReturns(2.5, self.task.safe_first_element, (2.5, 1))
        self.assertReturns("s", self.task.safe_first_element, "spam")

    def test_takes_a_range(self) -> None:
        got = self.call(self.task.safe_first_element, range(4, 9))
        self.assertGot(4, got, "safe_first_element(range(4, 9))")

    def test_agrees_with_the_model_on_fresh_lists(self) -> None:
        for size in range(10):
            self.observe(self.task.safe_first_element, [
                self.random.randrange(-2, 3) for _ in range(size)])
