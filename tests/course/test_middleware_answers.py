"""The library beside the fundamentals: what it says of real kinds of answers.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from grader.grading.grading import Grader, Options
from grader.grading.verdict import FAIL, PASS, TaskVerdict
from grader.library.library import Library, Task, load_library
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission

pytest.importorskip("django", reason="the extra [django] is not installed")

ROOT = Path(__file__).parents[2] / "more"
ANSWERS: list[dict[str, Any]] = tomllib.loads(
    (Path(__file__).parents[1] / "answers" / "middleware.toml"
     ).read_text("utf-8"))["answer"]


@pytest.fixture(scope="module")
def more() -> Library:
    return load_library(ROOT)


@pytest.fixture(scope="module")
def grader(more: Library) -> Iterator[Grader]:
    with Grader(more, Options(jobs=2)) as opened:
        yield opened


@pytest.fixture(scope="module")
def strict(more: Library) -> Iterator[Grader]:
    """Return a grader that goes by the statements alone."""
    folders = tuple(replace(folder, tasks=tuple(
        replace(task, variants={}) for task in folder.tasks))
        for folder in more.folders)
    with Grader(replace(more, folders=folders), Options(jobs=2)) as opened:
        yield opened


def task_of(library: Library, answer: dict[str, Any]) -> Task:
    return next(task for task in library.tasks
                if task.number == answer["task"])


def judged(grader: Grader, answer: dict[str, Any]) -> TaskVerdict:
    task = task_of(grader.library, answer)
    source = (grader.library.folder(task.folder).path
              / task.file).read_text("utf-8")
    if "old" in answer:
        assert source.count(answer["old"]) == 1, answer["old"]
        source = source.replace(answer["old"], answer["new"])
    source += answer.get("source", "")
    graded = grader.grade(Submission(name="it", folders={task.folder: {
        task.file: SubmittedFile(content=source.encode())}}), [task])
    return graded.tasks[0]


def told(verdict: TaskVerdict) -> str:
    return "\n".join(each.message for each in verdict.failures)


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: each["name"])
def test_an_answer_gets_its_verdict(
        grader: Grader, answer: dict[str, Any]) -> None:
    verdict = judged(grader, answer)

    assert answer.get("says", "") in told(verdict)
    assert verdict.status == (FAIL if "says" in answer else PASS), (
        told(verdict))
    assert answer.get("advises", "") in "\n".join(verdict.advice)


@pytest.mark.parametrize(
    "answer", [each for each in ANSWERS if "stated" in each],
    ids=lambda each: each["name"])
def test_a_variant_is_not_what_the_statement_asks_for(
        strict: Grader, answer: dict[str, Any]) -> None:
    verdict = judged(strict, answer)

    assert verdict.status == FAIL
    assert answer["stated"] in told(verdict)
