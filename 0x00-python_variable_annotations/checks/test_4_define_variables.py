"""4-define_variables.py: four variables of four types."""

from grader.kit import TaskCase
from grader.kit.live import kind_of


class Variables(TaskCase):
    """Each variable holds the value of the statement, in its type."""

    file = "4-define_variables.py"

    def test_a_is_1(self) -> None:
        self.assertGot(1, self.task.a, "a")

    def test_a_is_an_int(self) -> None:
        self.assertGot("int", kind_of(self.task.a), "type(a).__name__")

    def test_pi_is_3_14(self) -> None:
        self.assertGot(3.14, self.task.pi, "pi")

    def test_pi_is_a_float(self) -> None:
        self.assertGot("float", kind_of(self.task.pi),
                       "type(pi).__name__")

    def test_i_understand_annotations_is_true(self) -> None:
        self.assertGot(True, self.task.i_understand_annotations,
                       "i_understand_annotations")

    def test_school_is_holberton(self) -> None:
        self.assertGot("Holberton", self.task.school, "school")
