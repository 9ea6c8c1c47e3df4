"""The desk and its screen: what keys, saves and verdicts change."""

from __future__ import annotations

import re

import pytest

from grader.findings.finding import Finding
from grader.grading.verdict import FAIL, PASS, TaskVerdict
from grader.library.library import Library
from grader.submission.submission import SubmittedFile, Submission
from grader.watch import keys, screen
from grader.watch.desk import Desk

NAME = "0x00-python_variable_annotations"


def submission(**sources: str) -> Submission:
    files = {"2-floor.py": "#!/usr/bin/env python3\n", "0-add.py": "x"}
    return Submission(name="test", folders={NAME: {
        name: SubmittedFile(content=text.encode())
        for name, text in (files | sources).items()}})


@pytest.fixture
def desk(library: Library) -> Desk:
    tasks = library.select(["0x00"])
    return Desk(library=library, tasks=tasks, hints={}, current=tasks[2],
                statuses={task.id: "to do" for task in library.tasks},
                submission=submission())


def verdict(desk: Desk, status: str, *messages: str) -> TaskVerdict:
    return TaskVerdict(
        task=desk.current, status=status, points=0, dimensions={},
        failures=tuple(Finding(dimension="behaviour", check="test_x",
                               cause="wrong", message=message, line=2,
                               output="one\ntwo\n")
                       for message in messages), advice=("better names",))


def test_a_pass_moves_on_and_a_fail_stays(desk: Desk) -> None:
    assert not desk.graded(verdict(desk, FAIL))
    assert desk.current.number == 2
    assert desk.graded(verdict(desk, PASS))
    assert desk.current.number == 3


def test_what_a_key_has_chosen_stays_even_if_it_passes(desk: Desk) -> None:
    assert desk.press("p") == "grade"
    assert not desk.graded(verdict(desk, PASS))
    assert desk.current.number == 1
    assert "This one passes." in screen.screen(desk, 80, 24, False)

    assert desk.saved(submission(**{"1-concat.py": "y"}))
    assert desk.graded(verdict(desk, PASS))
    assert desk.current.number == 2


def test_advice_on_what_has_passed_is_not_lost(desk: Desk) -> None:
    desk.graded(verdict(desk, PASS))
    assert desk.news == ("2-floor.py passes: on to the next. "
                         "p goes back to a piece of advice.")


def test_a_verdict_that_takes_long_hides_the_last_one(desk: Desk) -> None:
    desk.graded(verdict(desk, FAIL, "about the last save"))
    desk.busy, desk.waited = True, 1.0
    lines = screen.screen(desk, 80, 24, False)
    assert "Grading ..." in lines
    assert "about the last save" not in lines

    desk.waited = 5.0
    lines = screen.screen(desk, 80, 24, False)
    assert "It takes long: is there a loop that never ends?" in lines


def test_the_last_pass_ends_the_round(desk: Desk) -> None:
    for task in desk.tasks:
        desk.statuses[task.id] = "passes"
    assert not desk.graded(verdict(desk, PASS))
    assert desk.finished
    assert "All of it passes." in screen.screen(desk, 80, 24, False)


def test_saving_another_task_turns_to_it(desk: Desk) -> None:
    assert desk.saved(submission(**{"0-add.py": "y"}))
    assert desk.current.number == 0


def test_what_is_no_task_is_graded_only_where_it_may_matter(
        desk: Desk) -> None:
    assert not desk.saved(submission())
    assert desk.saved(submission(**{"helper.py": "y"}))
    assert desk.current.number == 2


def test_the_screen_has_one_failure_in_full_and_the_rest_in_a_line(
        desk: Desk) -> None:
    desk.submission = submission(**{"2-floor.py": "import math\nfloor = 1\n"})
    desk.graded(verdict(desk, FAIL, "first " * 30, "second " * 30))
    lines = screen.screen(desk, 80, 24, False)

    assert len(lines) == 24
    assert sum(line.startswith(("first", "(line")) for line in lines) == 3
    assert sum("second" in line for line in lines) == 1
    assert "    2 | floor = 1" in lines
    assert "printed   two" in lines
    assert "advice: better names" in lines


@pytest.mark.parametrize("columns, rows", [
    (80, 24), (20, 6), (1, 1), (300, 90)])
@pytest.mark.parametrize("key", ["", "s", "h", "l", " "])
def test_a_screen_fits_any_terminal(desk: Desk, columns: int, rows: int,
                                    key: str) -> None:
    desk.press(key)
    lines = screen.screen(desk, columns, rows)
    plain = [re.sub(r"\033\[\d*m", "", line) for line in lines]

    assert len(lines) <= rows
    assert all(len(line) <= columns for line in plain)


def test_pages_go_round(desk: Desk) -> None:
    desk.press("l")
    first = screen.screen(desk, 80, 12, False)
    seen = {tuple(first)}
    for _ in range(10):
        desk.press(" ")
        seen.add(tuple(screen.screen(desk, 80, 12, False)))
    assert 1 < len(seen) < 10


@pytest.mark.parametrize("typed, expected", [
    ("hq", ["h", "q"]), ("\033[A", ["up"]), ("\033[6~n", ["down", "n"]),
    ("\033", ["escape"]), ("\033[15~", ["escape"]), ("\033OPq",
                                                     ["escape", "q"])])
def test_sequences_are_one_key(typed: str, expected: list[str]) -> None:
    assert keys.keys(typed) == expected
