"""The generators folder: a hundred ways to answer, and what each gets."""

from __future__ import annotations

import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from grader.grading.grading import Grader
from grader.grading.verdict import TaskVerdict
from grader.library.library import Library
from grader.submission.file import SubmittedFile
from grader.submission.submission import Submission
from tests.course.test_wrong_answers import complaints

FOLDER = "python-generators-0x00"
TABLE = tomllib.loads((Path(__file__).parents[1] / "answers" /
                       "generators.toml").read_text(encoding="utf-8"))
ANSWERS: list[dict[str, Any]] = TABLE["answer"]


def files_of(answer: dict[str, Any]) -> dict[str, str]:
    """Return what is handed in beside each other."""
    source = answer["source"]
    if answer["file"] == "seed.py":
        return {"seed.py": TABLE["seed"] + source}
    return {"seed.py": answer.get("own_seed", TABLE["seed"]),
            answer["file"]: source, **answer.get("beside", {})}


@pytest.fixture(scope="module")
def verdicts(grader: Grader, library: Library) -> list[TaskVerdict]:
    """Grade all answers, two at a time."""
    def grade(answer: dict[str, Any]) -> TaskVerdict:
        submission = Submission(name="test", folders={FOLDER: {
            name: SubmittedFile(content=text.encode(), executable=True)
            for name, text in files_of(answer).items()}})
        return grader.grade(submission, library.select(
            [f"{FOLDER}/{answer['file']}"])).tasks[0]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(grade, ANSWERS))


@pytest.mark.parametrize("number, answer", list(enumerate(ANSWERS)), ids=[
    f"{each['file'].removesuffix('.py')}: {each['name']}"
    for each in ANSWERS])
def test_an_answer_gets_what_it_deserves(
        number: int, answer: dict[str, Any],
        verdicts: list[TaskVerdict]) -> None:
    verdict = verdicts[number]
    said = [failure.message for failure in verdict.failures]

    assert verdict.status == ("pass" if answer.get("passes") else "fail"), (
        said)
    assert any(answer.get("says", "") in text
               for text in said or verdict.advice), said or verdict.advice
    text = files_of(answer)[answer["file"]]
    assert not [f"{failure.message!r} {what}" for failure in verdict.failures
                for what in complaints(failure, text)]


def test_a_hundred_answers_are_there() -> None:
    assert len(ANSWERS) >= 90
    assert len({(each["file"], each["name"]) for each in ANSWERS}) == len(
        ANSWERS)
