"""The desk and its screen: what keys, saves and verdicts change."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from grader.findings.finding import Finding
from grader.grading.verdict import FAIL, PASS, TaskVerdict
from grader.library.library import Library
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission
from grader.watch import keys, screen, views
from grader.watch.desk import Desk

NAME = "0x00-python_variable_annotations"


def submission(**sources: str) -> Submission:
    files = {"2-floor.py": "import math\nfloor = 1\n", "0-add.py": "x"}
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


def test_a_pass_stays_with_its_advice_until_the_learner_goes_on(
        desk: Desk) -> None:
    desk.graded(verdict(desk, FAIL))
    assert desk.press("enter") is None
    desk.graded(verdict(desk, PASS))
    lines = screen.screen(desk, 80, 24, False)
    assert desk.current.number == 2
    assert "2-floor.py passes." in lines
    assert "advice: better names" in lines
    assert any("Enter goes on to 3-to_str.py" in line for line in lines)

    assert desk.press("enter") == "grade"
    assert desk.current.number == 3


def test_a_task_that_shares_a_file_begins_with_its_statement(
        desk: Desk) -> None:
    desk.press("n")
    desk.submission = submission(**{"3-to_str.py": "x = 1\n"})
    failed = verdict(desk, FAIL, "3-to_str.py defines no to_str")
    desk.graded(replace(failed, failures=(
        replace(failed.failures[0], cause="missing"),)))
    lines = screen.screen(desk, 80, 24, False)
    assert lines[3].startswith("Write it in ")
    assert not any("defines no" in line for line in lines)

    desk.saved(submission(**{"3-to_str.py": "x = 2\n"}))
    lines = screen.screen(desk, 80, 24, False)
    assert any("defines no" in line for line in lines)


def test_going_on_passes_over_what_passes_already(desk: Desk) -> None:
    desk.statuses["0x00/3"] = "passes"
    desk.graded(verdict(desk, PASS))
    assert desk.press("n") == "grade"
    assert desk.current.number == 4
    assert desk.press("p") == "grade"
    assert desk.current.number == 3


def test_enter_leaves_a_view_before_it_goes_on(desk: Desk) -> None:
    desk.graded(verdict(desk, PASS))
    desk.press("s")
    assert desk.press("enter") is None
    assert (desk.view, desk.current.number) == ("task", 2)


def test_the_answer_opens_with_the_pass(desk: Desk) -> None:
    desk.press("a")
    assert desk.news == "The answer opens once the task passes."
    desk.graded(verdict(desk, PASS))
    desk.press("a")
    lines = screen.screen(desk, 80, 40, False)
    assert "Why it is written so" in lines
    desk.graded(verdict(desk, FAIL))
    desk.press("a")
    desk.press("a")
    assert desk.view == "answer"


@pytest.mark.parametrize("between", ["", "h", "down", "l"])
def test_a_reset_has_to_be_asked_for_twice_in_a_row(desk: Desk,
                                                    between: str) -> None:
    assert desk.press("x") is None
    assert "Press x once more to make 2-floor.py blank" in desk.news
    if between:
        desk.press(between)
    assert desk.press("x") == (None if between else "reset")


@pytest.mark.parametrize("key, action", [
    ("q", "quit"), ("g", "grade"), ("c", "check"), ("m", "main"),
    ("e", "edit"), ("u", "undo"), ("z", None), ("escape", None)])
def test_keys_that_do_something(desk: Desk, key: str,
                                action: str | None) -> None:
    assert desk.press(key) == action


def test_every_key_is_explained(desk: Desk) -> None:
    desk.press("?")
    shown = "\n".join(screen.screen(desk, 80, 40, False))
    for key, word, meaning in views.EVERY_KEY:
        assert f"  {key} {word}" in shown and meaning in shown


def test_hints_go_round(desk: Desk) -> None:
    seen = []
    for key in ("h", "h", "h", "left", "right"):
        desk.press(key)
        seen.append(desk.hint)
    assert seen == [0, 1, 0, 1, 0]
    assert desk.hints == {"0x00/2": 2}
    desk.press("s")
    desk.press("h")
    assert desk.hint == 1


def test_a_report_on_all_tasks_is_shown_and_remembered(desk: Desk) -> None:
    desk.checking = True
    desk.reported((verdict(desk, PASS),), "the report\n" * 50, "1 of 13")
    lines = screen.screen(desk, 80, 24, False)
    assert lines.count("the report") > 10
    assert "1 of 13" in lines
    assert desk.statuses["0x00/2"] == "passes"
    assert desk.passes and not desk.checking


def test_a_verdict_that_takes_long_hides_the_last_one(desk: Desk) -> None:
    desk.graded(verdict(desk, FAIL, "about the last save"))
    desk.busy, desk.waited = True, 1.0
    lines = screen.screen(desk, 80, 24, False)
    assert "Grading ..." in lines
    assert "about the last save" not in lines

    desk.waited = 5.0
    lines = screen.screen(desk, 80, 24, False)
    assert "It takes long: is there a loop that never ends?" in lines


def test_the_last_pass_of_a_folder_says_what_is_left(desk: Desk) -> None:
    for task in desk.tasks:
        desk.statuses[task.id] = "passes"
    desk.graded(verdict(desk, PASS))
    assert desk.finished
    shown = "\n".join(screen.screen(desk, 80, 24, False))
    assert "All of it passes." in shown
    assert "31 of 44 tasks of the whole course are left" in shown


def test_the_last_pass_of_all_is_an_end_worth_the_course(
        desk: Desk, library: Library) -> None:
    desk.tasks = library.tasks
    desk.statuses |= {task.id: "passes" for task in library.tasks}
    desk.graded(verdict(desk, PASS))
    lines = screen.screen(desk, 80, 50, False)
    assert "All 44 tasks pass." in lines
    assert sum(line.startswith("[############]") for line in lines) == 7
    assert "What now?" in lines
    assert "advice: better names" in lines

    desk.press("n")
    desk.graded(verdict(desk, PASS))
    lines = screen.screen(desk, 80, 50, False)
    assert "3-to_str.py passes." in lines
    assert "What now?" not in lines


def test_saving_another_task_turns_to_it(desk: Desk) -> None:
    assert desk.saved(submission(**{"0-add.py": "y"}))
    assert desk.current.number == 0


def test_what_is_no_task_is_graded_only_where_it_may_matter(
        desk: Desk) -> None:
    assert not desk.saved(submission())
    assert desk.saved(submission(**{"helper.py": "y"}))
    assert desk.current.number == 2


def test_the_screen_has_one_failure_with_its_line_and_then_the_rest(
        desk: Desk) -> None:
    desk.graded(verdict(desk, FAIL, "first " * 30, "second " * 30))
    lines = screen.screen(desk, 80, 24, False)

    assert len(lines) == 24
    assert sum(line.startswith(("first", "(line")) for line in lines) == 3
    assert sum("second" in line for line in lines) == 3
    assert "    2 | floor = 1" in lines
    assert "printed   two" in lines
    assert "advice: better names" in lines


VIEWS = ("", "s", "i", "r", "h", "a", "l", "?", " ", "x", "l/to", "c")


@pytest.mark.parametrize("columns, rows", [
    (80, 24), (20, 5), (20, 6), (1, 1), (40, 10), (200, 50), (300, 90)])
@pytest.mark.parametrize("keys", VIEWS)
@pytest.mark.parametrize("status", [PASS, FAIL])
def test_a_screen_fits_any_terminal(desk: Desk, columns: int, rows: int,
                                    keys: str, status: str) -> None:
    desk.graded(verdict(desk, status, "one " * 40, "two " * 40))
    for key in keys:
        desk.press(key)
    lines = screen.screen(desk, columns, rows)
    plain = [re.sub(r"\033\[\d*m", "", line) for line in lines]

    assert len(lines) <= rows
    assert all(len(line) <= columns for line in plain)
    if columns >= 20 and rows >= 5 and "/" not in keys:
        assert plain[-1].rstrip(" .").endswith("? keys  q quit")


def test_nothing_is_cut_where_it_can_be_scrolled_to(desk: Desk) -> None:
    words = [f"word{number}" for number in range(90)]
    desk.graded(verdict(desk, FAIL, "first", " ".join(words)))
    seen: set[str] = set()
    for _ in range(60):
        for line in screen.screen(desk, 80, 12, False):
            seen.update(line.split())
        desk.press("pgdn")
    assert set(words) <= seen


def test_all_of_a_text_can_be_scrolled_to_and_no_further(desk: Desk) -> None:
    desk.press("i")
    first = screen.screen(desk, 80, 12, False)
    desk.press("end")
    last = screen.screen(desk, 80, 12, False)
    assert first != last
    desk.press("down")
    assert screen.screen(desk, 80, 12, False) == last
    desk.press("up")
    assert screen.screen(desk, 80, 12, False) != last
    desk.press("home")
    assert screen.screen(desk, 80, 12, False) == first


def test_the_cursor_of_the_list_is_always_on_the_screen(
        desk: Desk, library: Library) -> None:
    desk.tasks = library.tasks
    desk.press("l")
    for key in [*["down"] * 50, *["pgup"] * 9, "end", "home", "pgdn"]:
        desk.press(key)
        lines = screen.screen(desk, 80, 9, False)
        chosen = desk.chooser.chosen
        assert chosen
        line, = [line for line in lines if line.startswith(">")]
        assert chosen.file in line


@pytest.mark.parametrize("typed, found", [
    ("floor", ["2-floor.py"]), ("TO_STR", ["3-to_str.py"]),
    ("0x00/102", ["102-type_checking.py"]), ("passes", ["0-add.py"]),
    ("nothing has that", [])])
def test_the_list_is_filtered_by_all_that_a_task_is(
        desk: Desk, typed: str, found: list[str]) -> None:
    desk.statuses["0x00/0"] = "passes"
    for key in ["l", "/", *typed]:
        desk.press(key)
    assert [task.file for task in desk.chooser.shown] == found
    assert any("find: " in line for line in screen.screen(desk, 80, 24, False))
    desk.press("enter")
    assert desk.current.file == (found[0] if found else "2-floor.py")


def test_escape_ends_the_search_and_then_the_list(desk: Desk) -> None:
    for key in ["l", "/", "t", "o", "backspace", "escape"]:
        desk.press(key)
    assert (desk.view, len(desk.chooser.shown)) == ("list", 13)
    assert desk.chooser.chosen == desk.current
    desk.press("escape")
    assert desk.view == "task"


@pytest.mark.parametrize("typed, expected", [
    ("hq", ["h", "q"]), ("\033[A", ["up"]), ("\033[6~n", ["pgdn", "n"]),
    ("\033OA\033[5~", ["up", "pgup"]), ("\033[H\033[4~", ["home", "end"]),
    ("\r\n", ["enter", "enter"]), ("\x7f", ["backspace"]),
    ("\033", ["escape"]), ("\033[15~", ["escape"]), ("\033OPq",
                                                     ["escape", "q"])])
def test_sequences_are_one_key(typed: str, expected: list[str]) -> None:
    assert keys.keys(typed) == expected
