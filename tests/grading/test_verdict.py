"""Remarks become verdicts and points."""

from __future__ import annotations

import pytest

from grader.findings.finding import Finding
from grader.findings.untrusted import Remarks
from grader.grading.verdict import decide
from grader.library.library import Library

FAILED = Remarks(failures=(Finding(
    dimension="behaviour", check="test_x", cause="wrong", message="no"),))
ERROR = Remarks(error="mypy is not itself")
FINE = Remarks()


@pytest.mark.parametrize("behaviour, types, style, status, points", [
    (FINE, FINE, FINE, "pass", 10), (FAILED, FINE, FINE, "fail", 4),
    (FINE, FAILED, FINE, "fail", 8), (FAILED, FAILED, FAILED, "fail", 0),
    (FINE, ERROR, FINE, "error", 8), (FAILED, ERROR, FINE, "fail", 2),
])
def test_status_and_points(library: Library, behaviour: Remarks,
                           types: Remarks, style: Remarks, status: str,
                           points: float) -> None:
    folder = library.folders[0]
    verdict = decide(folder, folder.tasks[0], {
        "behaviour": behaviour, "types": types, "style": style})

    assert (verdict.status, verdict.points) == (status, points)


def test_an_error_of_ours_is_told_as_ours(library: Library) -> None:
    folder = library.folders[0]
    verdict = decide(folder, folder.tasks[0], {
        "behaviour": FINE, "types": ERROR, "style": FINE})

    assert "the grader could not tell" in verdict.failures[0].message


def test_what_is_not_demanded_is_advice(library: Library) -> None:
    folder = library.folder("python-decorators-0x01")
    verdict = decide(folder, folder.tasks[0],
                     {"behaviour": FINE, "style": FAILED})

    assert verdict.status == "pass"
    assert verdict.advice == ("no",)
    assert list(verdict.dimensions) == ["behaviour"]
