"""What learners read where the model has one change.

A message has to hold the call, what was expected and what came, or else a
named cause, and nothing of the grader's own insides.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.grading.grading import Grader, Options
from grader.grading.verdict import FAIL, TaskVerdict
from grader.library.library import Folder, Library
from tests.helpers.batches import copied, graded
from tests.helpers.complaints import OURS, complaints
from tests.mutants.mutations import Mutation, mutations, weakenings

# How many mutants of a model are tried.
MOST = 3
LEAST = 80


class Mutant(NamedTuple):
    """A mutant that fails, and the verdict on it."""

    folder: Folder
    text: str
    verdict: TaskVerdict

    @property
    def is_of_a_suite(self) -> bool:
        return self.folder.judge == "suite"


@pytest.fixture(scope="module")
def mutants(library: Library) -> list[Mutant]:
    every = [(folder, task, text) for folder in library.folders
             for task in folder.tasks for text in (
                 _changed(folder.path / task.file, task.id, mutations, MOST)
                 if folder.judge == "suite" else
                 # Tests take their time, and several tasks share a file.
                 _changed(folder.path / task.file, task.file, weakenings, 1))]
    with Grader(copied(library), Options()) as grader:
        verdicts = graded(grader, [
            (task, {task.file: text}) for _, task, text in every])
    return [Mutant(folder, text, verdict)
            for (folder, _, text), verdict in zip(every, verdicts)
            if verdict.status == FAIL]


@cache
def _changed(model: Path, seed: str,
             change: Callable[[str], Iterable[Mutation]],
             most: int) -> Sequence[str]:
    """Return some mutants of a model, the same ones for a seed."""
    texts = [each.text for each in change(model.read_text(encoding="utf-8"))]
    return random.Random(seed).sample(texts, min(len(texts), most))


def test_many_mutants_fail(mutants: list[Mutant]) -> None:
    assert len(mutants) >= LEAST


def test_every_message_says_what_was_called_expected_and_got(
        mutants: list[Mutant]) -> None:
    bad = [f"{each.verdict.task.id} {failure.check}: {failure.message!r} "
           f"{what}" for each in mutants if each.is_of_a_suite
           for failure in each.verdict.failures
           for what in complaints(failure, each.text)]

    assert not bad, "\n".join(bad)


def test_messages_on_learners_tests_keep_our_insides_to_themselves(
        mutants: list[Mutant]) -> None:
    said = [failure.message for each in mutants if not each.is_of_a_suite
            for failure in each.verdict.failures]

    assert said
    assert not [text for text in said if OURS.search(text) or "\n" in text]
