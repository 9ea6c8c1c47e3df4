"""Task 9: what the integration tests must accept and what they must catch."""

from tests.learnertests.modelcase import ModelCase


class Integration(ModelCase):
    """The integration tests, as the model has them and weakened."""

    number = 9

    def test_the_model_is_accepted(self) -> None:
        self.assertAccepted()

    def test_a_license_that_some_have_is_needed(self) -> None:
        self.assertBlind(
            'self.assertEqual(client.public_repos(license="apache'
            '-2.0"),\n'
            "                         self.apache2_repos)",
            'self.assertEqual(client.public_repos(license="none")'
            ", [])",
            "no repository is found")
