"""Packed values that anybody may have written: compared, never believed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from types import ModuleType
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from grader.findings.finding import Finding
from grader.kit.packing import MOST_DIGITS, pack, unpack
from grader.kit.values import same
from grader.suites.checks import Observed
from grader.suites.judge import judge
from grader.suites.suite import Suite

# A size that a forged result can have, and a time that is not a machine's.
LARGE, SECONDS = 1 << 20, 2.0
ODD = [
    "nan", "sNaN", "-sNaN123", "NaN9", "inf", "-Infinity", "1e999999999",
    "-1e-999999999", "1e9999999999999999999999", "1" + "0" * 400, "-0",
    "9" * (MOST_DIGITS + 1), "1_0", " 7 ", "0x10", "", "\ud800", "\u0663",
]
numbers = st.builds(lambda kind, text: {kind: text},
                    st.sampled_from(["int", "float", "Decimal"]),
                    st.sampled_from(ODD) | st.integers().map(str)
                    | st.floats().map(repr))
nonsense = st.sampled_from([
    1.5, 7, [], {}, {"int": 1}, {"list": "ab"}, {"tuple": {"a": 1}},
    {"dict": [[1]]}, {"dict": "ab"}, {"Decimal": [0, [1], 2]},
    {"int": "1", "float": "1"}, {"set": []}, {"float": None}])
packed: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.text(max_size=4) | numbers | nonsense,
    lambda inner: st.builds(lambda kind, items: {kind: items},
                            st.sampled_from(["list", "tuple"]),
                            st.lists(inner, max_size=3))
    | st.builds(lambda pairs: {"dict": pairs},
                st.lists(st.tuples(inner, inner).map(list), max_size=3)),
    max_leaves=8)
often = settings(max_examples=200, deadline=None, database=None)


def nested(kind: str, depth: int) -> Any:
    value: Any = None
    for _ in range(depth):
        value = {kind: [[value, None] if kind == "dict" else value]}
    return value


SOURCE = """\
from grader.kit import TaskCase


class A(TaskCase):
    file = "a.py"

    def test(self) -> None:
        self.observe(self.task.f)
"""
MODULE = ModuleType("test_a")
exec(SOURCE, vars(MODULE))
SUITE = Suite(name="test_a", module=MODULE, inside="", code="",
              checks=("A.test",), observes=True)


def compared(got: Any, expected: Any) -> Finding | None:
    """Return the failure of a check that observes two packed values."""
    known = [{"look": "load", "value": None}, {"look": "task.f", "value": {
        "live": ["function", "<function>", True, "f"]}}]
    model = [*known, {"look": "observe", "value": expected}]
    seen = Observed(entries=(*known, {"look": "observe", "value": got}))
    return judge(SUITE, "A.test", "1", seen, model).finding


def agree(expected: Any, value: Any) -> bool:
    try:
        return same(unpack(expected), unpack(value))
    except (ValueError, RecursionError):
        return False


@often
@given(expected=packed, got=packed)
def test_any_two_values_come_to_a_verdict(expected: Any, got: Any) -> None:
    assert (compared(got, expected) is None) == agree(expected, got)
    assert agree(expected, got) == agree(got, expected)


@often
@given(value=packed)
def test_a_value_agrees_with_itself_or_is_nonsense(value: Any) -> None:
    try:
        again = pack(unpack(value))
    except (ValueError, TypeError):
        return
    # A NaN that is a key is equal to no other key.
    assume("dict" not in str(value) or "nan" not in str(value).lower())
    assert agree(value, value)
    assert agree(value, again)


# Made when it is asked for: all of it takes as long as a hundred tests.
FORGED: dict[str, Callable[[], Any]] = {
    "an int that takes long to read": lambda: {"int": "9" * LARGE},
    "a float of as many digits": lambda: {"float": "9" * LARGE},
    "a Decimal of as many digits": lambda: {"Decimal": "9" * LARGE},
    "ints at the limit": lambda: {
        "list": [{"int": "9" * MOST_DIGITS}] * 400},
    "Decimals at the limit": lambda: {
        "list": [{"Decimal": "9" * MOST_DIGITS}] * 400},
    "keys of one hash": lambda: {"dict": [
        [{"int": str(number * (2 ** 61 - 1))}, None]
        for number in range(30_000)]},
    "Decimals without end as keys": lambda: {"dict": [
        [{"Decimal": f"1e{number * 61}"}, None] for number in range(30_000)]},
    "a text": lambda: "a" * LARGE,
    "many items": lambda: {"list": [True] * (LARGE // 4)},
    "lists in lists": lambda: nested("list", 400),
    "tuples in tuples": lambda: nested("tuple", 400),
    "dicts in dicts": lambda: nested("dict", 200),
}


@cache
def forged(name: str) -> Any:
    value = FORGED[name]()
    json.dumps(value)
    return value


@pytest.mark.parametrize("expected", [
    {"int": "1" + "0" * 400}, "a" * LARGE + "b", {"list": [True, "b"]},
    {"dict": [[{"int": "1"}, "b"], ["b", None]]}, nested("list", 399)],
    ids=["int", "text", "list", "dict", "deep"])
@pytest.mark.parametrize("name", FORGED)
def test_a_forged_value_is_wrong_in_no_time(expected: Any,
                                            name: str) -> None:
    got = forged(name)
    started = time.process_time()
    finding = compared(got, expected)

    assert finding and finding.cause in ("wrong", "untrusted")
    assert time.process_time() - started < SECONDS


@pytest.mark.parametrize("value", [
    10 ** (MOST_DIGITS + 1), {10 ** 10 ** 6: 1}, [1, [10 ** MOST_DIGITS]]],
    ids=["long", "longer", "in lists"])
def test_a_number_without_end_is_described(value: object) -> None:
    assert len(text := json.dumps(pack(value))) < 999
    assert "bits" in text


@pytest.mark.parametrize("text", [
    "1E+999999", "-7E+4301", "1E-999999", "0E+999999999"])
def test_a_power_without_end_is_no_number(text: str) -> None:
    # An int of it takes minutes.
    assert "live" in pack(Decimal(text))
    with pytest.raises(ValueError):
        unpack({"Decimal": text})


@pytest.mark.parametrize("text", [
    "1E+4300", "-7.25E-4000", "NaN", "sNaN", "-Infinity", "0.00"])
def test_any_other_decimal_crosses_the_wall(text: str) -> None:
    assert str(unpack(pack(Decimal(text)))) == text


def test_what_holds_itself_is_described() -> None:
    endless: list[object] = []
    endless.append(endless)

    assert "live" in json.dumps(pack(endless))


def test_keys_that_are_nearly_the_same_are_wrong() -> None:
    finding = compared(
        {"dict": [[{"float": "1.0000000000001"}, "x" * 99]]},
        {"dict": [[{"float": "1.0"}, "y" * 99]]})

    assert finding and finding.cause == "wrong"
