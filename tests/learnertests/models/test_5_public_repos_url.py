"""Task 5: what test_public_repos_url must accept and what it must catch."""

from tests.learnertests.modelcase import ModelCase


class PublicReposUrl(ModelCase):
    """test_public_repos_url, as the model has it and weakened."""

    number = 5

    def test_the_model_is_accepted(self) -> None:
        self.assertAccepted()

    def test_the_payload_must_not_hold_the_url_twice(self) -> None:
        self.assertBlind(
            '{"repos_url": "https://example.com/repos"}',
            'dict.fromkeys(["repos_url", "url"], "https://example'
            '.com/repos")',
            "the key url is read")
