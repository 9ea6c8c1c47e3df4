"""Task 6: what test_public_repos must accept and what it must catch."""

from tests.learnertests.modelcase import ModelCase


class PublicRepos(ModelCase):
    """test_public_repos, as the model has it and weakened."""

    number = 6

    def test_the_model_is_accepted(self) -> None:
        self.assertAccepted()

    def test_the_reads_of_the_property_have_to_be_counted(self) -> None:
        self.assertBlind(
            "        url.assert_called_once_with()\n",
            "",
            "_public_repos_url is read twice")
