"""1-concat.py: two texts in one."""

from grader.kit import TaskCase

LETTERS = "abcdefghij  \n-éß"


class Concat(TaskCase):
    """concat(str1, str2) puts the second text right behind the first."""

    file = "1-concat.py"

    def test_joins_two_words(self) -> None:
        self.assertReturns("eggshell", self.task.concat, "egg", "shell")

    def test_keeps_the_order(self) -> None:
        self.assertReturns("shellegg", self.task.concat, "shell", "egg")

    def test_joins_empty_texts(self) -> None:
        self.assertReturns("egg", self.task.concat, "egg", "")
        self.assertReturns("shell", self.task.concat, "", "shell")
        self.assertReturns("", self.task.concat, "", "")

    def test_keeps_spaces(self) -> None:
        self.assertReturns(" egg  shell\n", self.task.concat,
                           " egg ", " shell\n")

    def test_agrees_with_the_model_on_fresh_texts(self) -> None:
        for _ in range(20):
            self.observe(self.task.concat, self.text(), self.text())

    def text(self) -> str:
        """Return up to eight letters."""
        return "".join(self.random.choices(
            LETTERS, k=self.random.randrange(9)))
