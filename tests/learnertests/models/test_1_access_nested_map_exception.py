"""Task 1: test_access_nested_map_exception and the faults it must catch."""

from tests.learnertests.modelcase import ModelCase


class AccessNestedMapException(ModelCase):
    """test_access_nested_map_exception, as the model has it and weakened."""

    number = 1

    def test_the_model_is_accepted(self) -> None:
        self.assertAccepted()

    def test_the_missing_key_has_to_be_checked(self) -> None:
        self.assertBlind(
            "        self.assertEqual(caught.exception.args, (key"
            ",))\n",
            "",
            "the KeyError names a key that nobody asked for",
            "the KeyError always names the first key")
