"""Random bytes and texts as a submission neither pass nor break us."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.report.report import as_json, as_text
from tests.conftest import RIGHT_FLOOR, Grade

FLOOR = "0x00-python_variable_annotations/2-floor.py"
few = settings(max_examples=20, deadline=None, database=None,
               suppress_health_check=[HealthCheck.function_scoped_fixture])

# Pieces of Python in an order that nobody would choose.
TOKENS = st.lists(st.sampled_from([
    *"()[]{}:,.=+-*@\\\n\t #'\"0", "def ", "floor", "return ", "import ",
    "lambda ", "async ", "    ", "n", "if ", "else ", "yield ", "f'{", "\r",
    "\x0c", "\ufeff", "# -*- coding: ", "latin-1", "utf-16", "\u202e", "ﬁ"]),
    max_size=60).map("".join)


def spoil(place: int, length: int, piece: bytes) -> bytes:
    """Return the right answer with a part of it replaced."""
    right = RIGHT_FLOOR.encode()
    start = place % len(right)
    return right[:start] + piece + right[start + length:]


def check(grade: Grade, content: bytes) -> None:
    report = grade({FLOOR: content}, "0x00/2")
    verdict, = report.tasks

    assert verdict.status == "fail"
    assert verdict.failures
    for text in (as_text(report), as_json(report)):
        assert all(char.isprintable() for char in text if char != "\n")


@few
@given(content=st.binary(max_size=400))
def test_random_bytes_fail(grade: Grade, content: bytes) -> None:
    check(grade, content)


@few
@given(content=st.text(st.characters(exclude_categories=["Cs"]),
                       max_size=200))
def test_random_text_fails(grade: Grade, content: str) -> None:
    check(grade, content.encode())


@few
@given(content=TOKENS)
def test_pieces_of_python_fail(grade: Grade, content: str) -> None:
    check(grade, content.encode())


@few
@given(place=st.integers(0, 10 ** 4), length=st.integers(0, 40),
       piece=st.binary(max_size=10))
def test_a_damaged_answer_never_breaks_the_grader(
        grade: Grade, place: int, length: int, piece: bytes) -> None:
    report = grade({FLOOR: spoil(place, length, piece)}, "0x00/2")

    assert report.tasks[0].status in ("pass", "fail")


@pytest.mark.parametrize("size", [1, 1 << 10, 1 << 16])
def test_zeros_of_any_size_fail(grade: Grade, size: int) -> None:
    check(grade, bytes(size))
