"""report.html, parsed: what it holds, and what never gets into it."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from grader.cohort import html
from grader.cohort.stats import Stats, histogram, to_look_at
from grader.library.library import Library
from tests.helpers.reports import (
    EVIL, evil, failure, learners, report, task, written)


class Page(HTMLParser):
    """The elements of a html, and what is in its scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str,
                        attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script" and data.strip():
            self.scripts.append(data)


@pytest.fixture
def page(tmp_path: Path, library: Library) -> Page:
    return Page(written(tmp_path / "report.html", library,
                        [*learners(20), evil()]).read_text())


def test_hostile_text_adds_no_element(page: Page) -> None:
    assert len(page.scripts) == 3
    assert "img" not in page.tags
    rows = json.loads(page.scripts[0])
    assert rows[-1][0] == EVIL
    assert EVIL in json.loads(page.scripts[1])["texts"][
        rows[-1][-1][2][2]]


def test_nothing_is_fetched_from_anywhere(page: Page) -> None:
    assert not {"link", "iframe", "object"} & set(page.tags)
    assert not {"src", "href", "style", "onclick"} & {
        name for name, _ in page.attributes}
    policy = dict(page.attributes)["content"] or ""
    contents = [value or "" for name, value in page.attributes
                if name == "content"]
    assert policy
    assert any("default-src 'none'" in each for each in contents)
    assert not any("unsafe" in each for each in contents)


def test_a_row_is_compact() -> None:
    texts = html.Texts()
    data = report(task(0), task(1, "fail", 4.0), name="ada")

    assert html.row(data, ["0x00/0", "0x00/1", "0x00/2"], texts) == [
        "ada", 14.0, 20.0, 1.25, 0, [], [0, [1, 4.0, 1], None]]
    assert texts.all[0] == "isolation full; Python 3.11.7"
    assert texts.all[1] == "f(1) should give 2, not 3 (line 8)"


def test_texts_beyond_the_limit_are_left_to_the_results(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html, "MAX_TEXTS", 30)
    texts = html.Texts()

    assert [texts.number(each * 15) for each in "abca"] == [0, 1, -1, 0]
    assert texts.is_full


def test_the_most_frequent_comes_first() -> None:
    stats = Stats()
    for each in learners(20):
        stats.add(each)
    summary = stats.summary()

    assert summary["count"] == 20
    assert summary["causes"][0] == ("wrong", 10)
    assert summary["wrong"] == [
        ["0x00/2", "f(1) should give 2, not 3", 10]]
    assert summary["tasks"]["0x00/4"] == {"pass": 19, "error": 1}
    assert summary["tasks"]["0x00/3"] == {"pass": 16, "absent": 4}


def test_cautions_are_counted() -> None:
    stats = Stats()
    for caution in ({}, {"caution": "take care"}, {"caution": "take care"}):
        stats.add(report(task(0)) | caution)
    assert stats.summary()["cautions"] == [("take care", 2)]


def test_counting_texts_takes_bounded_memory() -> None:
    stats = Stats()
    for number in range(25_000):
        stats.add(report(task(0, "fail", 0.0, failures=[
            failure("often" if number % 5 else f"once {number}")])))

    assert len(stats._wrong) <= 20_000
    assert stats.summary()["wrong"][0] == ["0x00/0", "often", 20_000]


@pytest.mark.parametrize("data, reason", [
    (report(task(0, "error", 0.0)), "the grader could not tell"),
    (evil(), "it crashed the interpreter"),
    (report(task(0, "fail", 0.0)), "there are files but no points"),
])
def test_a_person_is_told_whom_to_look_at(data: dict[str, Any],
                                          reason: str) -> None:
    assert reason in to_look_at(data)
    assert to_look_at(report(task(0))) == []


def test_a_histogram_counts_everybody() -> None:
    assert histogram([0, 0.5, 1, 1.1], bins=2) == [1, 3]
    assert histogram([0.1 * 7, 0.7], bins=10)[7] == 2
    assert histogram([], bins=2) == [0, 0]
