"""Task 7: what test_has_license must accept and what it must catch."""

from tests.learnertests.modelcase import ModelCase


class HasLicense(ModelCase):
    """test_has_license, as the model has it and weakened."""

    number = 7

    def test_the_model_is_accepted(self) -> None:
        self.assertAccepted()

    def test_a_repository_without_the_license_is_needed(self) -> None:
        self.assertBlind(
            '        ({"license": {"key": "other_license"}}, "my_'
            'license", False),\n',
            "",
            "has_license is always true")
