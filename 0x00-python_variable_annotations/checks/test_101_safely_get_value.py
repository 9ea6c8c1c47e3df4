"""101-safely_get_value.py: a value of a mapping, or a default."""

from types import MappingProxyType

from grader.kit import TaskCase


class SafelyGetValue(TaskCase):
    """safely_get_value works as the code that was handed over."""

    file = "101-safely_get_value.py"

    def test_returns_the_value_of_a_key(self) -> None:
        self.assertReturns(3, self.task.safely_get_value,
                           {"eggs": 3, "spam": 5}, "eggs", 12)

    def test_returns_the_default_for_a_missing_key(self) -> None:
        self.assertReturns(12, self.task.safely_get_value,
                           {"eggs": 3}, "spam", 12)
        self.assertReturns("no", self.task.safely_get_value, {}, "spam", "no")

    def test_the_default_may_be_left_out(self) -> None:
        self.assertReturns(None, self.task.safely_get_value,
                           {"eggs": 3}, "spam")

    def test_returns_a_value_that_is_false(self) -> None:
        self.assertReturns(0, self.task.safely_get_value,
                           {"eggs": 0}, "eggs", 12)
        self.assertReturns(None, self.task.safely_get_value,
                           {"eggs": None}, "eggs", 12)

    def test_takes_keys_of_any_kind(self) -> None:
        self.assertReturns("two", self.task.safely_get_value,
                           {1: "one", (2, 2): "two"}, (2, 2), "no")
        self.assertReturns("none", self.task.safely_get_value,
                           {None: "none"}, None, "no")

    def test_takes_a_mapping_that_cannot_be_changed(self) -> None:
        got = self.call(self.task.safely_get_value,
                        MappingProxyType({"eggs": 3}), "eggs", 12)
        self.assertGot(3, got, "safely_get_value("
                               "MappingProxyType({'eggs': 3}), 'eggs', 12)")

    def test_agrees_with_the_model_on_fresh_mappings(self) -> None:
        for size in range(10):
            dct = {self.random.randrange(10): self.random.randrange(10 ** 6)
                   for _ in range(size)}
            self.observe(self.task.safely_get_value, dct,
                         self.random.randrange(10),
                         self.random.randrange(10 ** 6))
