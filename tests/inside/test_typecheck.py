"""The types dimension: annotations to accept and to reject.

Rows are judged all together, in one build, as a submission's files are.
"""

from __future__ import annotations

import os
import textwrap
from pathlib import Path

import pytest

from grader.findings.untrusted import Remarks
from grader.inside.typecheck import typecheck
from grader.tools import typecheck as types
from grader.tools.typecheck import TypedFile
from tests.helpers.annotations import (
    ALIASES, MODELS, ROWS, TYPING, WRONG_KIND, typed_file)
from tests.helpers.toolbox import Here


@pytest.fixture(scope="module")
def judged(mypy_cache: Path) -> dict[str, Remarks]:
    return types.judge([file for file, _ in ROWS], Here(typecheck.run),
                       mypy_cache)


@pytest.mark.parametrize(
    ("file", "says"), ROWS, ids=[file.id for file, _ in ROWS])
def test_an_annotation_is_judged_as_a_type(
        file: TypedFile, says: str | None,
        judged: dict[str, Remarks]) -> None:
    remarks = judged[file.id]
    assert remarks.error is None
    messages = [one.message for one in remarks.failures]
    if says is None:
        assert messages == []
    else:
        assert any(says in message for message in messages), messages


def test_every_model_passes_its_own_judgement(mypy_cache: Path) -> None:
    files = [typed_file(name, name, textwrap.dedent(text))
             for name, text in MODELS.items()]
    remarks = types.judge(files, Here(typecheck.run), mypy_cache)
    assert {name: one.failures for name, one in remarks.items()} \
        == dict.fromkeys(MODELS, ())


def test_a_failure_says_what_was_expected_and_where(
        judged: dict[str, Remarks]) -> None:
    found, = judged["def floor(n: int) -> int"].failures
    assert (found.dimension, found.cause) == ("types", "wrong")
    assert (found.expected, found.got) == ("float", "int")
    assert found.line == len((TYPING + ALIASES).splitlines()) + 1


def test_a_missing_function_has_the_cause_missing(
        judged: dict[str, Remarks]) -> None:
    id = next(file.id for file, says in ROWS
              if says == "no function named floor")
    assert [one.cause for one in judged[id].failures] == ["missing"]


def test_a_silenced_annotation_is_refused(
        judged: dict[str, Remarks]) -> None:
    id = next(file.id for file, says in ROWS
              if says and says.startswith("'# type: ignore'"))
    assert [one.cause for one in judged[id].failures] == ["refused"]


def test_a_variant_gives_its_own_advice_instead_of_mypys(
        judged: dict[str, Remarks]) -> None:
    remarks = judged[
        "async def async_generator() -> Generator[float, None, None]"]
    assert remarks.advice == (WRONG_KIND,)


def test_mypys_words_about_a_body_are_one_line_of_advice(
        judged: dict[str, Remarks]) -> None:
    id = next(file.id for file, _ in ROWS if b"no integer" in file.source)
    advice, = judged[id].advice
    assert advice.startswith("line 5, column 12: a value of type str is "
                             "returned, but int is annotated [mypy: ")


def test_nothing_of_a_submission_enters_the_cache(
        mypy_cache: Path, judged: dict[str, Remarks]) -> None:
    names = [name for _, _, names in os.walk(mypy_cache) for name in names]
    assert any(name.startswith("typing") for name in names)
    assert not [name for name in names
                if name.startswith(("learner", "model", "variants"))]
