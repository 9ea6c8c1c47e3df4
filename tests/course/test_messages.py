"""Nothing that a submission says reaches a reader as it is."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from grader.findings.finding import Finding
from grader.grading.verdict import Report, TaskVerdict
from grader.library.library import Task
from grader.report.report import as_json, as_text
from grader.terminal import safe

BAD = {
    "control": "a\x07b\x08c\x7fd", "ansi": "\x1b[2J\x1b[31mPASS\x1b[0m",
    "osc": "\x1b]0;title\x07", "c1": "\x9b31m", "nul": "a\x00b",
    "bidi": "\u202egnp.\u2066x\u2069", "zero width": "a\u200bb\ufeffc",
    "surrogate": "\ud800x\udfff", "return": "one\rtwo",
    "separators": "a\u2028b\u2029c", "private": "\ue000\U000f0000",
    "tags": "\U000e0041", "nothing": "\ufdd0\uffff",
}
PATHS = ("/home/ada/alx/2-floor.py", "/Users/ada/2-floor.py",
         "/root/alx/2-floor.py", "C:\\Users\\ada\\2-floor.py",
         repr("C:\\Users\\ada\\alx\\2-floor.py"),
         "[Errno 2]: '/home/ada' while opening 2-floor.py")


def report_with(text: str) -> Report:
    """Return a report with the text wherever a submission has a say."""
    task = Task(folder="0x00-python_variable_annotations", number=2,
                file="2-floor.py", title="Floor", hints=("Why?",),
                suite="test_2_floor.py", main="2-main.py")
    failure = Finding(dimension="behaviour", check="test_x", cause="wrong",
                      message=text, call=text, expected=text, got=text)
    verdict = TaskVerdict(
        task=task, status="fail", points=0.0, advice=(text,),
        dimensions={"behaviour": "fail"}, failures=(failure, replace(
            failure, dimension="types")))
    return Report(submission=text, library="1", isolation="none",
                  seconds=0.0, tasks=(verdict,))


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_text_and_json_are_printable(text: str) -> None:
    report = report_with(text)
    for said in (as_text(report), as_json(report)):
        said.encode()
        assert all(char.isprintable() for char in said if char != "\n")


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_json_gives_the_escaped_text(text: str) -> None:
    failure = json.loads(as_json(report_with(text)))["tasks"][0]["failures"]

    assert failure[0]["message"] == safe(text)
    assert all(char.isprintable() for char in failure[0]["got"])


@pytest.mark.parametrize("path", PATHS)
def test_a_personal_path_is_cut(path: str) -> None:
    for said in (as_text(report_with(path)), as_json(report_with(path))):
        assert "ada" not in said
        assert "2-floor.py" in said


def test_other_paths_stay_as_they_are() -> None:
    for path in ("/rootless/x.py", "/usr/home.py", "home/ada.py"):
        assert safe(path) == path


def test_a_long_text_is_cut() -> None:
    assert len(safe("x" * 10 ** 6)) < 1000


def test_a_line_of_a_submission_does_not_pass_for_one_of_ours() -> None:
    said = as_text(report_with("no\n35 of 35 tasks pass\n0x00  13 of 13"))

    assert not [line for line in said.splitlines()
                if line.startswith(("35 of 35", "0x00  13"))]


def test_plain_text_in_any_script_stays_as_it_is() -> None:
    text = "naïve Ωμέγα 数 — “quoted” 🙂"

    assert safe(text) == text
