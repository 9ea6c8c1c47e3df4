"""Answers to try, right and wrong, and which dimensions they fail.

The tables in the folder `answers` hold them, by file of a task; a name
starts with "right" or with the dimensions that have to fail, and no other
dimension may.
"""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from grader.grading.grading import Grader
from grader.grading.verdict import FAIL, PASS, TaskVerdict
from grader.library.library import Library
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission

TABLES = Path(__file__).parents[1] / "answers"
HEAD = '#!/usr/bin/env python3\n"""An answer to try."""\n\n\n'


class Answer(NamedTuple):
    """One answer: the task's folder, in short, its file, what it is."""

    folder: str
    file: str
    what: str
    source: str

    @property
    def fails(self) -> set[str]:
        """Return the dimensions that have to fail."""
        words = self.what.partition(":")[0].split()
        return set() if words == ["right"] else set(words)


def answers() -> Iterator[Answer]:
    for table in sorted(TABLES.glob("0x*.toml")):
        files = tomllib.loads(table.read_text(encoding="utf-8"))
        for file, sources in files.items():
            for what, source in sources.items():
                head = "" if source.startswith("#") else HEAD
                yield Answer(table.stem, file, what, head + source)


ANSWERS = list(answers())


@pytest.fixture(scope="module")
def judged(grader: Grader, library: Library) -> dict[Answer, TaskVerdict]:
    """Grade all, as submissions that hold one answer for each task."""
    queues: dict[tuple[str, str], list[Answer]] = {}
    for answer in ANSWERS:
        queues.setdefault((answer.folder, answer.file), []).append(answer)
    found: dict[Answer, TaskVerdict] = {}
    for row in itertools.zip_longest(*queues.values()):
        found |= grade(grader, library, [each for each in row if each])
    return found


def grade(grader: Grader, library: Library,
          row: list[Answer]) -> dict[Answer, TaskVerdict]:
    tasks = {each: library.select([f"{each.folder}/{each.file}"])[0]
             for each in row}
    folders: dict[str, dict[str, SubmittedFile]] = {}
    for each, task in tasks.items():
        folders.setdefault(task.folder, {})[task.file] = SubmittedFile(
            content=each.source.encode(), executable=True)
    report = grader.grade(Submission(name="answers", folders=folders),
                          list(tasks.values()))
    return dict(zip(tasks, report.tasks))


@pytest.mark.parametrize("answer", ANSWERS, ids=lambda each: (
    f"{each.folder}/{each.file}-{each.what}"))
def test_an_answer_fails_what_it_should(
        answer: Answer, judged: dict[Answer, TaskVerdict]) -> None:
    verdict = judged[answer]
    wanted = {name: FAIL if name in answer.fails else PASS
              for name in verdict.dimensions}

    assert verdict.dimensions == wanted, verdict.failures
