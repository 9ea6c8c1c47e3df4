"""Text cut and wrapped to the columns that it takes in a terminal."""

from __future__ import annotations

import io
import sys

import pytest

from grader.terminal import columns, cut, fit, takes_escapes, wrapped

WIDE = "\u6570\u5b66"


@pytest.mark.parametrize("text, taken", [
    ("abc", 3), (WIDE, 4), ("e\u0301", 1), ("\U0001f642", 2), ("", 0)])
def test_wide_characters_count_twice_and_accents_not_at_all(
        text: str, taken: int) -> None:
    assert columns(text) == taken


def test_a_line_is_cut_before_a_character_that_has_no_room() -> None:
    assert fit("ab" + WIDE, 5) == "ab\u6570"
    assert fit("\033[1mabc\033[0m", 2) == "\033[1mab\033[0m"
    assert cut(WIDE * 5, 11) == WIDE * 2 + "..."
    assert cut(WIDE, 4) == WIDE


@pytest.mark.parametrize("width", [1, 2, 7, 20, 79])
@pytest.mark.parametrize("text", [
    "plain words that are longer than one line of this width " * 3,
    f"{WIDE} " * 30, WIDE * 40, "x" * 200, f"a {'y' * 90} b",
    "e\u0301" * 50, " " * 90, "one\n\ntwo"])
@pytest.mark.parametrize("hanging", [0, 6])
def test_wrapping_loses_nothing_but_blanks(text: str, width: int,
                                           hanging: int) -> None:
    lines = list(wrapped(text, width, hanging))

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(columns(line) <= max(width, 3) for line in lines)


def test_words_stay_whole_where_they_can() -> None:
    assert list(wrapped("the quick brown fox", 9)) == [
        "the quick", "brown fox"]
    assert list(wrapped("got  abc def", 8, 5)) == ["got  abc", "     def"]
    assert list(wrapped("a " + "b" * 9, 8)) == ["a bbbbbb", "bbb"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("platform, variables, takes", [
    ("linux", {}, True), ("linux", {"TERM": "dumb"}, False),
    ("win32", {}, False), ("win32", {"WT_SESSION": "1"}, True)])
def test_escapes_are_for_terminals_that_know_them(
        monkeypatch: pytest.MonkeyPatch, platform: str,
        variables: dict[str, str], takes: bool) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    for name in "TERM", "WT_SESSION", "TERM_PROGRAM":
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert takes_escapes(Terminal()) == takes
    assert not takes_escapes(io.StringIO())
