"""Advice in text: what teaches first, few of it, style last and counted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest

from grader.findings.finding import Finding
from grader.findings.untrusted import Remarks
from grader.grading.verdict import TaskVerdict, decide
from grader.library.library import Library
from grader.report import advice
from tests.course.test_messages import report_with

TEACHING = ("use await", "use gather", "close it", "name it")
STYLE = ("make it executable", "leave a blank line")


@pytest.fixture
def verdict() -> TaskVerdict:
    return replace(report_with("").tasks[0], advice=TEACHING + STYLE,
                   of_style=len(STYLE))


def told(verdict: TaskVerdict, elsewhere: Collection[str] = (),
         is_all: bool = False) -> list[str]:
    return list(advice.pieces(verdict, elsewhere, is_all))


def test_three_pieces_are_told_and_the_rest_is_counted(
        verdict: TaskVerdict) -> None:
    assert told(verdict) == [
        "advice: use await", "advice: use gather", "advice: close it",
        "and 1 more and 2 of style: --advice all"]


def test_all_are_told_on_demand(verdict: TaskVerdict) -> None:
    assert told(verdict, is_all=True) == [
        f"advice: {each}" for each in TEACHING + STYLE]


def test_style_alone_is_counted(verdict: TaskVerdict) -> None:
    only = replace(verdict, advice=STYLE, of_style=2)
    assert told(only) == ["advice: 2 of style: --advice all"]
    one = replace(verdict, advice=STYLE[:1], of_style=1)
    assert told(one) == ["advice: make it executable"]
    assert told(replace(verdict, advice=(), of_style=0)) == []


def test_what_is_told_elsewhere_is_left_out(verdict: TaskVerdict) -> None:
    assert told(verdict, {*TEACHING[:2], *STYLE}) == [
        "advice: close it", "advice: name it"]


def test_style_that_is_not_demanded_is_advice_and_comes_last(
        library: Library) -> None:
    folder = library.folder("python-decorators-0x01")
    wrong = Finding(dimension="style", check="style", cause="wrong",
                    message="line 1: too long")
    verdict = decide(folder, folder.tasks[0], {
        "behaviour": Remarks(advice=("use wraps",)),
        "style": Remarks(failures=(wrong,), advice=("make it executable",))})
    assert verdict.advice == ("use wraps", "make it executable",
                              "line 1: too long")
    assert (verdict.of_style, verdict.status) == (2, "pass")
