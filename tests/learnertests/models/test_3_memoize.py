"""Task 3: what test_memoize must accept and what it must catch."""

from tests.learnertests.modelcase import ModelCase


class Memoize(ModelCase):
    """test_memoize, as the model has it and weakened."""

    number = 3

    def test_the_model_is_accepted(self) -> None:
        self.assertAccepted()

    def test_the_number_of_calls_has_to_be_checked(self) -> None:
        self.assertBlind(
            "        a_method.assert_called_once_with()\n",
            "",
            "the method is called again")
