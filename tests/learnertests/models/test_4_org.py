"""Task 4: what test_org must accept and what it must catch."""

from tests.learnertests.modelcase import ModelCase


class Org(ModelCase):
    """test_org, as the model has it and weakened."""

    number = 4

    def test_the_model_is_accepted(self) -> None:
        self.assertAccepted()

    def test_the_url_has_to_be_checked(self) -> None:
        self.assertBlind(
            "get_json.assert_called_once_with(\n"
            '            f"https://api.github.com/orgs/{org_name}'
            '")',
            "get_json.assert_called_once()",
            "the URL asked for is wrong",
            "the URL is that of one organization")
