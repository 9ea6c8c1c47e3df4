"""102-type_checking.py: every element repeated in place."""

from collections.abc import Callable
from typing import Any

from grader.kit import TaskCase


class ZoomArray(TaskCase):
    """zoom_array repeats each element; lists and tuples are both right."""

    file = "102-type_checking.py"

    def test_repeats_each_element_in_place(self) -> None:
        self.assertReturns([5, 5, 5, 1, 1, 1], self.zoom_array(), (5, 1), 3)

    def test_repeats_twice_if_no_factor_is_given(self) -> None:
        self.assertReturns([7, 7, 8, 8], self.zoom_array(), (7, 8))

    def test_keeps_the_elements_with_factor_1(self) -> None:
        self.assertReturns([3, 1, 2], self.zoom_array(), (3, 1, 2), 1)

    def test_keeps_nothing_with_factor_0(self) -> None:
        self.assertReturns([], self.zoom_array(), (3, 1, 2), 0)

    def test_repeats_nothing_in_an_empty_tuple(self) -> None:
        self.assertReturns([], self.zoom_array(), (), 3)

    def test_keeps_equal_elements(self) -> None:
        self.assertReturns([4, 4, 4, 4], self.zoom_array(), (4, 4), 2)

    def test_takes_elements_of_any_type(self) -> None:
        self.assertReturns(["a", "a", [1], [1]], self.zoom_array(),
                           ("a", [1]), 2)

    def test_array_holds_the_numbers(self) -> None:
        self.assertGot([12, 72, 91], as_list(self.task.array), "array")

    def test_zoom_2x_holds_each_number_twice(self) -> None:
        self.assertGot([12, 12, 72, 72, 91, 91],
                       as_list(self.task.zoom_2x), "zoom_2x")

    def test_zoom_3x_holds_each_number_three_times(self) -> None:
        self.assertGot([12, 12, 12, 72, 72, 72, 91, 91, 91],
                       as_list(self.task.zoom_3x), "zoom_3x")

    def test_agrees_with_the_model_on_fresh_tuples(self) -> None:
        for size in range(10):
            numbers = tuple(self.random.randrange(5) for _ in range(size))
            self.observe(self.zoom_array(), numbers,
                         self.random.randrange(5))

    def zoom_array(self) -> Callable[..., Any]:
        """Return the function, made to return a list for a tuple."""
        given = self.task.zoom_array

        def zoom_array(*args: Any) -> Any:
            got = given(*args)
            # Which of the two it is, its annotation says.
            self.note_type("zoom_array()", got)
            return as_list(got)

        return zoom_array


def as_list(value: object) -> object:
    """Return a tuple as a list, and anything else as it is."""
    return list(value) if type(value) is tuple else value
