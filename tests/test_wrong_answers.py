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

from grader import explain
from grader.finding import Finding
from grader.grading import Grader
from grader.library import Library, Task
from grader.submission import SubmittedFile, Submission
from grader.verdict import FAIL, TaskVerdict
from tests.mutants.mutations import mutations, weakenings

TABLE = Path(__file__).with_name("wrong_answers.toml")
ANSWERS = tomllib.loads(TABLE.read_text(encoding="utf-8"))["answer"]
HEAD = '#!/usr/bin/env python3\n"""An answer that is wrong."""\n'
ROUNDS = 3
LEAST = 100

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


def complaints(failure: Finding, source: str) -> Iterator[str]:
    """Yield what is wrong with a message."""
    text = "\n".join(explain.full(failure, source, 10_000))
    if found := OURS.search(text):
        yield f"tells of our insides: {found[0]}"
    if not failure.message.strip() or "\n" in failure.message:
        yield "is not one line"
    if failure.cause != "wrong" or failure.dimension != "behaviour":
        return
    for part in ("call", "expected", "got"):
        value = getattr(failure, part)
        if not value or value not in text:
            yield f"lacks {part}"


def is_of_a_suite(library: Library, verdict: TaskVerdict) -> bool:
    return library.folder(verdict.task.folder).judge == "suite"


def test_a_hundred_wrong_answers_are_there(mutants: list[Answer]) -> None:
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
def real(grader: Grader, library: Library) -> dict[str, Answer]:
    """Grade all of the table at once."""
    by_id = {task.id: task for task in library.tasks}
    sources = [(by_id[each["task"]], HEAD + each["source"])
               if each["source"] else (by_id[each["task"]], "")
               for each in ANSWERS]
    return {verdict.task.id: (verdict, source)
            for verdict, source in grade(grader, sources)}


@pytest.mark.parametrize("answer", ANSWERS,
                         ids=[each["task"] for each in ANSWERS])
def test_a_real_kind_of_mistake_is_explained(
        answer: dict[str, str], real: dict[str, Answer]) -> None:
    verdict, source = real[answer["task"]]
    first = "\n".join(explain.full(verdict.failures[0], source, 10_000))

    assert answer["says"] in first
    assert not [f"{failure.message!r} {what}" for failure in verdict.failures
                for what in complaints(failure, source)]
