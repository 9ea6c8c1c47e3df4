"""Answers to the tasks, right and wrong, get what they deserve.

The tables in tests/answers hold them: see tests.helpers.answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from grader.grading.grading import Grader, Options
from grader.grading.verdict import ERROR, FAIL, PASS, TaskVerdict
from grader.library.library import load_library
from grader.library.packages import lacking
from grader.report import explain
from tests.helpers.answers import TABLES, Answer, read_all
from tests.helpers.batches import copied, graded
from tests.helpers.complaints import WIDTH, complaints

BUILT_IN = load_library()
LIBRARIES = (
    BUILT_IN, *(load_library(BUILT_IN.root / name) for name in BUILT_IN.more))
ANSWERS = [answer for library in LIBRARIES for answer in read_all(library)]
LEAST = 1000

Verdicts = dict[Answer, TaskVerdict]


def judged(request: pytest.FixtureRequest, strictly: bool) -> Verdicts:
    """Grade the answers that the tests which were chosen ask about."""
    asked = {answer for item in request.session.items
             if hasattr(item, "callspec") and isinstance(
                 answer := item.callspec.params.get("answer"), Answer)}
    found: Verdicts = {}
    for library in LIBRARIES:
        answers = [each for each in ANSWERS if each in asked
                   and each.folder.path.parent == library.root
                   and (each.stated or not strictly)]
        if answers:
            with Grader(copied(library), Options()) as grader:
                found |= zip(answers, graded(grader, [
                    (replace(each.task, variants={}) if strictly
                     else each.task, each.files) for each in answers]))
    return found


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest) -> Verdicts:
    return judged(request, strictly=False)


@pytest.fixture(scope="module")
def strict_verdicts(request: pytest.FixtureRequest) -> Verdicts:
    """Return the verdicts by the statements alone, without variants."""
    return judged(request, strictly=True)


def each_of(answers: Sequence[Answer]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("answer", [pytest.param(
        each, id=each.id, marks=pytest.mark.skipif(
            bool(why := lacking(each.folder)), reason=why))
        for each in answers])


@each_of(ANSWERS)
def test_an_answer_gets_what_it_deserves(
        answer: Answer, verdicts: Verdicts) -> None:
    verdict = verdicts[answer]
    failures = [each for each in verdict.failures
                if answer.check in ("", each.check)]
    first = "\n".join(explain.full(failures[0], answer.text, WIDTH)
                      if failures else ())

    assert verdict.dimensions == {
        name: FAIL if name in answer.fails
        else ERROR if name in answer.errors else PASS
        for name in answer.folder.dimensions}, verdict.failures
    assert answer.says in first
    assert not answer.check or failures, verdict.failures
    assert answer.advises in "\n".join(verdict.advice)
    # One cause is one failure, in every form of the report.
    assert not answer.alone or 1 == sum(
        each.dimension == "behaviour" for each in verdict.failures)
    assert not [f"{failure.message!r} {what}" for failure in verdict.failures
                for what in complaints(failure, answer.text,
                                       answer.folder.judge == "suite")]


@each_of([each for each in ANSWERS if each.stated])
def test_a_variant_is_not_what_the_statement_asks_for(
        answer: Answer, strict_verdicts: Verdicts) -> None:
    verdict = strict_verdicts[answer]

    assert verdict.status == FAIL
    assert answer.stated in "\n".join(
        each.message for each in verdict.failures)


def test_every_table_is_that_of_a_folder() -> None:
    assert {path.stem for path in TABLES.iterdir()} == {
        answer.folder.name for answer in ANSWERS}


def test_there_are_answers_to_each_task() -> None:
    assert len(ANSWERS) >= LEAST
    # Right tests of learners are tried in tests/learnertests.
    for right in (False, True):
        tasks = {answer.task.id for answer in ANSWERS
                 if right != bool(answer.fails or answer.errors)}
        assert {task.id for library in LIBRARIES
                for folder in library.folders for task in folder.tasks
                if folder.judge == "suite" or not right} == tasks
