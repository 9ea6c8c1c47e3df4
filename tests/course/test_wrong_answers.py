"""What learners read: wrong answers, and whether each message helps.

Every wrong answer is one of a table of real kinds, or a model with one
change. A message has to hold the call, what was expected and what came, or
else a named cause, and nothing of the grader's own insides.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.findings.finding import Finding
from grader.grading.grading import Grader
from grader.grading.verdict import FAIL, TaskVerdict
from grader.library.library import Library, Task
from grader.report import explain
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission
from tests.mutants.mutations import mutations, weakenings

TABLE = Path(__file__).parents[1] / "answers" / "wrong.toml"
ANSWERS = tomllib.loads(TABLE.read_text(encoding="utf-8"))["answer"]
HEAD = '#!/usr/bin/env python3\n"""An answer that is wrong."""\n'
ROUNDS = 3
LEAST = 150

OURS = re.compile(
    r"""Traceback|File\ "|<locals>|site-packages|\bat\ 0x[0-9a-f]{6}
    |(?<![\w.!])/(?:[\w.-]+/)+[\w.-]+        # a path, but for a shebang's
    |grader[./]|\b(?:unittest|mock|asyncio|mypy|runpy)[/\\.\w]*\.py\b
    |\btest_\d|\.given|zygote|assert(?:Equal|Got|Returns)""", re.VERBOSE)

Answer = tuple[TaskVerdict, str]


def grade(grader: Grader,
          sources: list[tuple[Task, str]]) -> Iterator[Answer]:
    """Yield the verdict and source of every answer that fails."""
    folders: dict[str, dict[str, SubmittedFile]] = {}
    for task, source in sources:
        folders.setdefault(task.folder, {})[task.file] = SubmittedFile(
            content=source.encode(), executable=True)
    graded = grader.grade(Submission(name="wrong", folders=folders),
                          [task for task, _ in sources])
    for verdict, (_, source) in zip(graded.tasks, sources):
        if verdict.status == FAIL:
            yield verdict, source


@pytest.fixture(scope="module")
def mutants(grader: Grader, library: Library) -> list[Answer]:
    """Grade one mutant of every model at a time, some rounds long."""
    every = [(task, list(_changed(library, task))) for task in library.tasks]
    return [answer for number in range(ROUNDS) for answer in grade(
        grader, [(task, texts[number]) for task, texts in every
                 if number < len(texts)])]


def _changed(library: Library, task: Task) -> Iterator[str]:
    folder = library.folder(task.folder)
    model = (folder.path / task.file).read_text(encoding="utf-8")
    is_test = folder.judge == "learnertests"
    texts = [each.text for each in (
        weakenings if is_test else mutations)(model)]
    # Files of tests are shared by several tasks and take their time.
    name = task.file if is_test else task.id
    chosen = random.Random(name).sample(
        texts, min(len(texts), 1 if is_test else ROUNDS))
    yield from chosen


def complaints(failure: Finding, source: str,
               of_a_suite: bool = True) -> Iterator[str]:
    """Yield what is wrong with a message."""
    said = "\n".join(explain.full(failure, "", 10_000))
    if found := OURS.search(said):
        yield f"tells of our insides: {found[0]}"
    if not failure.message.strip() or "\n" in failure.message:
        yield "is not one line"
    if failure.cause != "wrong":
        return
    if failure.dimension != "behaviour":
        if "line " not in said:
            yield "lacks its line"
        return
    shown = "\n".join(explain.full(failure, source, 10_000))
    for part in ("call", "expected", "got") if of_a_suite else ():
        value = getattr(failure, part)
        if not value or value != "no error" and value not in shown:
            yield f"lacks {part}"


def is_of_a_suite(library: Library, verdict: TaskVerdict) -> bool:
    return library.folder(verdict.task.folder).judge == "suite"


def test_many_wrong_answers_are_there(mutants: list[Answer]) -> None:
    assert len(mutants) + len(ANSWERS) >= LEAST


def test_every_message_says_what_was_called_expected_and_got(
        library: Library, mutants: list[Answer]) -> None:
    bad = [f"{verdict.task.id} {failure.check}: {failure.message!r} {what}"
           for verdict, source in mutants if is_of_a_suite(library, verdict)
           for failure in verdict.failures
           for what in complaints(failure, source)]

    assert not bad, "\n".join(bad)


def test_messages_on_learners_tests_keep_our_insides_to_themselves(
        library: Library, mutants: list[Answer]) -> None:
    said = [failure.message for verdict, _ in mutants
            if not is_of_a_suite(library, verdict)
            for failure in verdict.failures]

    assert said
    assert not [text for text in said if OURS.search(text) or "\n" in text]


@pytest.fixture(scope="module")
def real(grader: Grader, library: Library) -> list[Answer]:
    """Grade all of the table, in rounds of one answer a file."""
    by_id = {task.id: task for task in library.tasks}
    rounds: list[dict[str, int]] = []
    for at, each in enumerate(ANSWERS):
        task = by_id[each["task"]]
        file = f"{task.folder}/{task.file}"
        free = next((some for some in rounds if file not in some), None)
        if free is None:
            rounds.append(free := {})
        free[file] = at
    found: dict[int, Answer] = {}
    for some in rounds:
        graded = grade(grader, [(by_id[ANSWERS[at]["task"]], text(ANSWERS[at]))
                                for at in some.values()])
        for verdict, source in graded:
            at = some[f"{verdict.task.folder}/{verdict.task.file}"]
            found[at] = verdict, source
    return [found[at] for at in range(len(ANSWERS))]


def text(answer: dict[str, str]) -> str:
    return HEAD + answer["source"] if answer["source"] else ""


@pytest.mark.parametrize("at", range(len(ANSWERS)), ids=[
    f"{at}-{each['task']}" for at, each in enumerate(ANSWERS)])
def test_a_real_kind_of_mistake_is_explained(
        at: int, library: Library, real: list[Answer]) -> None:
    verdict, source = real[at]
    first = "\n".join(explain.full(verdict.failures[0], source, 10_000))

    assert ANSWERS[at]["says"] in first
    # One cause is one failure, in every form of the report.
    assert not ANSWERS[at].get("alone") or 1 == sum(
        each.dimension == "behaviour" for each in verdict.failures)
    assert not [f"{failure.message!r} {what}"
                for failure in verdict.failures
                for what in complaints(
                    failure, source, is_of_a_suite(library, verdict))]
