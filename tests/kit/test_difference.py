"""Where large values differ."""

from __future__ import annotations

from decimal import Decimal

import pytest

from grader.kit.difference import wording
from grader.kit.exceptions import describe

ROWS = [{"name": f"user {number}", "age": Decimal(number)}
        for number in range(50)]
CHANGED = [*ROWS[:17], {"name": "user 17", "age": Decimal(99)}, *ROWS[18:]]
TEXT = "lorem ipsum " * 30


@pytest.mark.parametrize("expected, got, sentence", [
    (1, 2, "f(1) should give 1, not 2"),
    ([1, 2], [1], "f(1) should give [1, 2], not [1]"),
    (ROWS, CHANGED, "at [17], f(1) should give {'name': 'user 17', 'age': "
                    "Decimal('17')}, not {'name': 'user 17', 'age': "
                    "Decimal('99')}"),
    (ROWS, ROWS[:49], "f(1) should give 50 items, not 49 (the first 49 are "
                      "right)"),
    (ROWS[:1] * 9, [], "f(1) should give 9 items, not 0"),
    ((0,) * 99, (0,) * 98 + (1,), "at [98], f(1) should give 0, not 1"),
    (TEXT, TEXT[:100] + "!" + TEXT[101:],
     "at [100:], f(1) should give 'm ipsum lorem ipsum lorem ipsum lorem ip'"
     "..., not '! ipsum lorem ipsum lorem ipsum lorem ip'..."),
    ({"a": TEXT, "b": 1}, {"a": TEXT, "b": 2},
     "at ['b'], f(1) should give 1, not 2"),
    ([TEXT], None, "f(1) should give ['lorem ipsum lorem ipsum lorem ipsum "
                   "lorem ipsum lorem ipsum lorem ipsum lorem ipsum lore"
                   "... (97 characters), not None: is a return missing?"),
    ([1.5], None, "f(1) should give [1.5], not None: is a return missing?"),
])
def test_the_first_difference_is_named(expected: object, got: object,
                                       sentence: str) -> None:
    said = wording(expected, got, "f(1)")
    assert said == sentence
    assert len(said) < 300


@pytest.mark.parametrize("got, call, sentence", [
    (2, "x", "x should be 1, not 2"),
    (None, "x", "x should be 1, not None"),
    (2, "the length of f(3)", "the length of f(3) should be 1, not 2"),
])
def test_what_is_no_call_gives_nothing(got: object, call: str,
                                       sentence: str) -> None:
    assert wording(1, got, call) == sentence


def test_a_forgotten_await_is_asked_for() -> None:
    async def wait() -> None:
        """Be made, and never awaited."""

    waiting = wait()
    said = wording([1.0] * 50, [waiting] * 50, "f(1)")
    waiting.close()
    assert said == ("at [0], f(1) should give 1.0, not <coroutine>: is an "
                    "await missing?")


def test_an_object_of_the_submission_is_not_asked_anything() -> None:
    class Liar:
        def __eq__(self, other: object) -> bool:
            raise AssertionError("it was asked")

        __hash__ = None  # type: ignore[assignment]

    assert "<Liar object>" in wording([1] * 99, [1] * 98 + [Liar()], "f()")
    assert wording({"a": TEXT}, {Liar: TEXT}, "f()")


def test_an_exception_tells_nothing_of_our_places() -> None:
    def inner() -> None:
        """Stand for a function of a suite."""

    assert describe(KeyError(inner)) == "KeyError: <function>"
    assert describe(KeyError("a")) == "KeyError: 'a'"


def test_tasks_leave_room_for_what_is_said_about_them() -> None:
    text = ("Task <Task pending name='Task-1' coro=<main() running at "
            "test_3_tasks.py:24> cb=[_run_until_complete_cb() at "
            "base_events.py:180]> got Future <Task pending name='Task-2' "
            "coro=<Delays.wait_random() running at delays.py:18>> attached "
            "to a different loop; <Future finished result=1>")

    assert describe(RuntimeError(text)) == (
        "RuntimeError: Task <Task pending name='Task-1' ...> got Future "
        "<Task pending name='Task-2' ...> attached to a different loop; "
        "<Future finished result=1>")
    assert describe(RuntimeError("<Task pending coro=<a" * 99)) == (
        "RuntimeError: <Task pending ...>")


def test_a_long_exception_is_cut_between_words() -> None:
    said = describe(ValueError("several words " * 99))

    assert said.endswith("several words ...")
    assert len(said) < 330
