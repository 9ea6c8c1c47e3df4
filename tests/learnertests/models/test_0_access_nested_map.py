"""Task 0: what test_access_nested_map must accept and what it must catch."""

from tests.learnertests.modelcase import ModelCase


class AccessNestedMap(ModelCase):
    """test_access_nested_map, as the model has it and weakened."""

    number = 0

    def test_the_model_is_accepted(self) -> None:
        self.assertAccepted()

    def test_a_case_with_a_longer_path_is_needed(self) -> None:
        self.assertBlind(
            '        ({"a": {"b": 2}}, ("a", "b"), 2),\n',
            "",
            "follows only the first key")
