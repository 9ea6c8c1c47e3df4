"""Task 8: what the integration class must set up and take down."""

from tests.learnertests.modelcase import ModelCase


class IntegrationFixtures(ModelCase):
    """The scaffold, as the model has it and weakened."""

    number = 8

    def test_the_model_is_accepted(self) -> None:
        self.assertAccepted()

    def test_the_answer_has_to_depend_on_the_url(self) -> None:
        self.assertBlind(
            "payloads[url]",
            "cls.org_payload",
            "should give repos_payload")
