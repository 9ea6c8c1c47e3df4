"""Task 2: what test_get_json must accept and what it must catch."""

from tests.learnertests.modelcase import ModelCase


class GetJson(ModelCase):
    """test_get_json, as the model has it and weakened."""

    number = 2

    def test_the_model_is_accepted(self) -> None:
        self.assertAccepted()

    def test_the_url_has_to_be_checked(self) -> None:
        self.assertBlind(
            "get.assert_called_once_with(test_url)",
            "get.assert_called_once()",
            "the URL asked for is wrong",
            "the URL asked for is always the same")
