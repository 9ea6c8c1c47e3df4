"""9-element_length.py: each element with its length."""

from grader.kit import TaskCase


class ElementLength(TaskCase):
    """element_length(lst) works as the code that was handed over."""

    file = "9-element_length.py"

    def test_pairs_each_element_with_its_length(self) -> None:
        self.assertReturns([("egg", 3), ("bacon", 5)],
                           self.task.element_length, ["egg", "bacon"])

    def test_takes_sequences_of_any_kind(self) -> None:
        self.assertReturns([([1, 2], 2), ((), 0), ("a", 1)],
                           self.task.element_length, [[1, 2], (), "a"])

    def test_keeps_equal_elements(self) -> None:
        self.assertReturns([("b", 1), ("aa", 2), ("b", 1)],
                           self.task.element_length, ["b", "aa", "b"])

    def test_returns_an_empty_list_for_no_elements(self) -> None:
        self.assertReturns([], self.task.element_length, [])

    def test_takes_a_tuple_and_a_text(self) -> None:
        self.assertReturns([("egg", 3)], self.task.element_length, ("egg",))
        self.assertReturns([("o", 1), ("k", 1)],
                           self.task.element_length, "ok")

    def test_takes_an_iterator_that_can_be_read_once(self) -> None:
        got = self.call(self.task.element_length, iter(["egg", "bacon"]))
        self.assertGot([("egg", 3), ("bacon", 5)], got,
                       "element_length(iter(['egg', 'bacon']))")

    def test_agrees_with_the_model_on_fresh_lists(self) -> None:
        for size in range(10):
            self.observe(self.task.element_length, [
                "spam" * self.random.randrange(4) for _ in range(size)])
