"""Values are compared and shown without asking them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from grader.kit.case import a_type
from grader.kit.live import kind_of
from grader.kit.packing import pack, unpack
from grader.kit.values import clipped, call_text, same, show


class Yes:
    """Claims to equal anything and to be anything."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0

    def __repr__(self) -> str:
        raise RuntimeError("nobody may ask")


class Lie(list[int]):
    """A list that claims to equal any list."""

    def __eq__(self, other: object) -> bool:
        return True


@pytest.mark.parametrize("one, two", [
    (9, 9.0), (0.1 + 0.2, 0.3), (Decimal("1.5"), 1.5), ("a", "a"),
    ([1, 2.0], [1.0, 2]), ({"a": [1]}, {"a": [1]}), (None, None),
    ({"a": 1, "b": 2}, {"b": 2, "a": 1}), ({1, 2}, {2, 1}),
    (float("nan"), float("nan")),
])
def test_same(one: object, two: object) -> None:
    assert same(one, two)


@pytest.mark.parametrize("one, two", [
    (1, True), (1, "1"), ([1], (1,)), ([1], [1, 2]), (3, Yes()),
    ([1], Lie([2])), ([3], [Yes()]), ({"a": 1}, {"a": Yes()}),
    ({"a": 1}, {Yes(): 1}), ("a", b"a"), (10 ** 400, 1.0),
    (2 ** 60, 2 ** 60 + 1),
])
def test_not_same(one: object, two: object) -> None:
    assert not same(one, two)


@pytest.mark.parametrize("value, text", [
    ([1, "a"], "[1, 'a']"), ((1,), "(1,)"), ((), "()"), (set(), "set()"),
    ({"k": None}, "{'k': None}"), (Yes(), "<Yes object>"),
    (Yes, "<class Yes>"), (len, "<function or method>"),
])
def test_show(value: object, text: str) -> None:
    assert show(value) == text


def test_large_values_are_cut() -> None:
    assert len(show(list(range(10 ** 5)))) < 400
    assert "bits" in show(10 ** 5000)


def test_a_call_is_shown_as_source() -> None:
    assert call_text("f", (1, "a"), {"k": [2]}) == "f(1, 'a', k=[2])"


@pytest.mark.parametrize("value", [
    1, 1.5, True, None, "x", [1, (2, "y")], {"a": Decimal("1.10")},
    float("inf"),
])
def test_packing_keeps_values_and_types(value: object) -> None:
    got = unpack(pack(value))

    assert got == value
    assert type(got) is type(value)


@pytest.mark.parametrize("data", [[1], {"x": 1}, {"int": "a", "float": "1"},
                                  {"list": 3}, {"dict": [1]}, 1.5])
def test_nonsense_is_not_unpacked(data: object) -> None:
    with pytest.raises(ValueError):
        unpack(data)


@pytest.mark.parametrize("name, words", [
    ("int", "an int"), ("str", "a str"), ("NoneType", "None")])
def test_a_type_is_named_with_its_article(name: str, words: str) -> None:
    assert a_type(name) == words


def test_other_objects_are_described_where_they_are_packed() -> None:
    one = unpack(pack(Yes()))

    assert (kind_of(one), show(one)) == ("Yes", "<Yes object>")
    assert not same(one, one)


def test_what_is_too_heavy_or_too_deep_is_described() -> None:
    deep: list[object] = []
    for _ in range(99):
        deep = [deep]

    assert kind_of(unpack(pack([0] * 10 ** 6))) == "list"
    assert "live" in str(pack(deep))
    assert len(str(pack("x" * 10 ** 7))) < 1000


@pytest.mark.parametrize("text, most, cut", [
    ("short", 5, "short"), ("two words", 5, "two ..."),
    ("two words", 3, "two ..."), ("a longerword", 8, "a longer..."),
    ("x" * 9, 4, "xxxx..."), ("four  words", 6, "four ...")])
def test_a_text_is_cut_between_words(text: str, most: int,
                                     cut: str) -> None:
    assert clipped(text, most) == cut
