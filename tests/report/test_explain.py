"""The one failure in full, and what of a report a learner is spared."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from grader.findings.causes import causes, shape
from grader.findings.finding import Finding, line_of
from grader.library.library import Library
from grader.report import explain, report
from grader.report.formats import EXPORTS
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission
from tests.conftest import RIGHT_FLOOR, Grade

NAME = "0x00-python_variable_annotations"
FLOOR = f"{NAME}/2-floor.py"
LOUD = RIGHT_FLOOR.replace("    return math.floor(n)", """\
    print("n is", n)
    return int(n)""") + "\n\nprint('loaded')\n"


WRONG = Finding(dimension="behaviour", check="test_x", cause="wrong",
                message="it is wrong")


def finding(message: str = WRONG.message, **parts: Any) -> Finding:
    return replace(WRONG, message=message, **parts)


def full(failure: Finding, source: str = "", width: int = 79) -> list[str]:
    return list(explain.full(failure, source, width))


def test_the_line_is_quoted_and_the_column_pointed_at() -> None:
    failure = finding("2-floor.py, line 2, column 5: invalid syntax", line=2)

    assert full(failure, "a = 1\nb = $\n") == [
        "2-floor.py, line 2, column 5: invalid syntax", "    2 | b = $",
        "            ^"]


def test_a_wide_character_moves_the_caret() -> None:
    failure = finding("line 1, column 6: what?", line=1)
    assert full(failure, "'\u6570\u5b66' $")[-1] == " " * 15 + "^"


def test_a_line_that_is_not_there_is_named() -> None:
    assert full(finding(line=9), "one line\n") == ["it is wrong (line 9)"]
    assert full(finding("see line 9", line=9), "x\n") == ["see line 9"]


def test_the_tools_findings_start_with_their_place() -> None:
    types = finding("int is missing", dimension="types", line=3)
    style = finding("line 3, column 80: too long", dimension="style", line=3)

    assert explain.sentence(types) == "types, line 3: int is missing"
    assert explain.sentence(style) == "style, line 3, column 80: too long"


def test_what_the_sentence_says_is_not_said_again() -> None:
    failure = finding("f(1) should give 2, not 3", expected="2", got="3")
    assert full(failure) == ["f(1) should give 2, not 3"]
    assert full(finding(expected="no error")) == ["it is wrong"]


def test_long_values_and_prints_are_cut() -> None:
    lines = full(finding(got="word " * 90,
                         output="\n".join(map(str, range(9)))))

    assert sum(line.startswith("printed") for line in lines) == 6
    assert lines[-1] == "printed   ..."
    assert len(lines) == 1 + 4 + 6


@pytest.mark.parametrize("cause, told", [
    ("missing", ["behaviour", "style"]), ("broken", ["behaviour"]),
    ("wrong", ["behaviour", "types", "style"])])
def test_what_follows_from_the_first_failure_is_left_out(
        cause: str, told: list[str]) -> None:
    failures = [finding(cause=cause),
                finding(dimension="types", cause=cause),
                finding(dimension="style", cause="broken"
                        if cause == "broken" else "wrong")]

    assert [each.dimension
            for each in causes(failures)] == told


@pytest.mark.parametrize("call, line", [
    ("floor(-1.5)", 2), ("with Thing(...) as it", 4), ("the names from g()",
                                                       6),
    ("nothing(1)", None), (None, None), ("x", 8), ("f('def g')", None),
    ("after y and x", None)])
def test_a_call_leads_to_the_line_that_defines_it(
        call: str | None, line: int | None) -> None:
    source = ("import math\ndef floor(n): ...\n\nclass Thing: ...\n\n"
              "async def g(): ...\n\nx: int = 1\n")
    assert line_of(call, source) == line


@pytest.mark.parametrize("call, line", [
    ("floor(-1.5)", 7), ("TestFloor.test_floor", 16),
    ("TestOther.test_floor", 13), ("TestNowhere.test_floor", None),
    ("only_shown()", 18)])
def test_code_in_a_docstring_is_no_definition(
        call: str, line: int | None) -> None:
    source = ('"""Write:\n\ndef floor(n):\n    return n\n"""\n\n'
              "def floor(n):\n"
              "    '''Round.\n\ndef floor(n): \\'''\n'''\n\n"
              "class TestOther: ...\n\n"
              "class TestFloor:\n    def test_floor(self): ...\n\n"
              "def only_shown(): '''without an end\n")
    assert line_of(call, source) == line


def test_a_text_without_an_end_takes_no_time_to_pass_over() -> None:
    started = time.perf_counter()
    assert line_of("floor(1)", '"""' + '\\"""' * 100_000) is None
    assert time.perf_counter() - started < 5


def test_a_failure_comes_with_what_its_own_call_printed(
        grade: Grade) -> None:
    graded = grade({FLOOR: LOUD}, "0x00/2")
    first = graded.tasks[0].failures[0]
    assert first.output == "n is -1.5"

    data = report.as_data(graded)
    assert data["tasks"][0]["failures"][0]["output"] == "n is -1.5"
    assert "printed   n is -1.5" in report.as_text(graded)
    for name in ("junit", "exercism", "gradescope"):
        assert "printed: n is -1.5" in EXPORTS[name](data), name


def test_without_prints_the_json_has_no_key_for_them(grade: Grade) -> None:
    graded = grade({FLOOR: "def floor(n): return 1"}, "0x00/2")
    failures = json.loads(report.as_json(graded))["tasks"][0]["failures"]

    assert failures and not any("output" in each for each in failures)


def test_a_blank_file_takes_one_line(grade: Grade, library: Library) -> None:
    tasks = library.select(["0x00/2", "0x00/9"])
    files = {task.file: SubmittedFile(content=task.starter.encode())
             for task in tasks}
    graded = grade({f"{NAME}/{name}": file.content
                    for name, file in files.items()}, "0x00/2", "0x00/9")
    lines = report.as_text(graded, submission=Submission(
        name="x", folders={NAME: files})).splitlines()

    assert lines[1:3] == ["  fail  2-floor.py: nothing written yet",
                          "  fail  9-element_length.py: nothing written yet"]
    assert [each.status for each in graded.tasks] == ["fail", "fail"]


def test_a_blank_file_gets_no_advice(grade: Grade, library: Library) -> None:
    folder = "python-decorators-0x01"
    task = library.select([f"{folder}/0"])[0]
    file = SubmittedFile(content=task.starter.encode())
    graded = grade({task.path: file.content}, task.id)
    text = report.as_text(graded, submission=Submission(
        name="x", folders={folder: {task.file: file}}), all_advice=True)

    assert graded.tasks[0].advice and "advice" not in text


def test_advice_that_comes_often_comes_once(grade: Grade) -> None:
    text = report.as_text(grade(
        {f"{NAME}/{name}": RIGHT_FLOOR.replace("\n", "\r\n") for name in (
            "0-add.py", "1-concat.py", "2-floor.py", "3-to_str.py")},
        "0x00/0", "0x00/1", "0x00/2", "0x00/3"))

    assert text.count("CRLF") == 1
    assert "advice on 4 tasks: the lines end as on Windows (CRLF)" in text


def failing(check: str, message: str) -> Finding:
    return Finding(dimension="behaviour", check=check, cause="wrong",
                   message=message)


def test_fresh_inputs_do_not_show_again_what_fixed_ones_did() -> None:
    fixed = failing("test_adds", "add(1, 2) should give 3, not 4")
    fresh = failing("test_adds_fresh_numbers", "add: no such luck")
    assert causes([fixed, fresh]) == [fixed]
    assert causes([fresh]) == [fresh]


@pytest.mark.parametrize("one, other, is_same", [
    ("add(1, (2, 3)) should give 3, not [1]", "add(4) should give 9, not 'x'",
     True),
    ("at [0], the lengths of f(5) after 20 should be 3, not 1",
     "the lengths of f(7) should be 9, not 2", True),
    ("f(1) should give None, not 3", "f(2) should give 5, not True", True),
    ("f(1) should give 2, not 3", "f(1) raised ValueError", False),
    ("f(1) should give 2, not 3", "g(1) should give 2, not 3", False)])
def test_a_cause_is_told_once(one: str, other: str, is_same: bool) -> None:
    assert (shape(one) == shape(other)) == is_same
    told = causes([failing("test_a", one), failing("test_b", other)])
    assert len(told) == (1 if is_same else 2)
