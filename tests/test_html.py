"""report.html: parsed here, and opened in a real browser where one is."""

from __future__ import annotations

import base64
import json
import random
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from grader.cohort import html
from grader.cohort.stats import Stats, histogram, to_look_at
from grader.library import Library
from tests import browser, reports
from tests.browser import Browser
from tests.reports import HOSTILE, failure, report, task

FOLDER = reports.FOLDERS[0]
EVIL = f"{HOSTILE} <!-- <script> {{{{script}}}} {{{{data}}}}"


def learners(count: int) -> Iterator[dict[str, Any]]:
    """Yield reports of learners who fail different tasks."""
    for number in range(count):
        tasks = [task(each) for each in range(10)]
        if number % 2:
            tasks[2] = task(2, "fail", 4.0)
        if number % 5 == 0:
            tasks[3] = task(3, "fail", 0.0, failures=[
                failure("3-f.py is not there", cause="missing")
                | {"check": "file"}])
        if number == 7:
            tasks[4] = task(4, "error", 0.0)
        yield report(*tasks, name=f"learner{number}")


def evil() -> dict[str, Any]:
    return report(task(2, "fail", 0.0, failures=[
        failure(EVIL, cause="crashed")]), name=EVIL)


def written(path: Path, library: Library,
            records: list[dict[str, Any]]) -> Path:
    tasks = library.select(["0x00"])[:10]
    path.write_text("".join(html.page(tasks, lambda: records)))
    return path


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
    assert histogram([0, 5, 10, 10], bins=2) == [1, 3]
    assert histogram([], bins=2) == [0, 0]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = browser.find()
    if program is None:
        pytest.skip("there is no Chromium on this machine")
    with Browser(program) as opened:
        yield opened


ROWS = "document.querySelectorAll('#rows .row')"
NAMES = f"[...{ROWS}].map(row => row.firstChild.textContent)"


def choose(page: Browser, id: str, value: str) -> None:
    page.run(f"(() => {{ const field = document.getElementById({id!r});"
             f" field.value = {value!r}; field.dispatchEvent("
             "new Event('input', {bubbles: true})); })()")


def test_a_browser_shows_sorts_and_filters(
        chromium: Browser, tmp_path: Path, library: Library) -> None:
    chromium.open(written(tmp_path / "report.html", library,
                          [*learners(20), evil()]))
    names = chromium.run(NAMES)
    assert names[-3:] == ["learner17", "learner18", "learner19"]

    chromium.run("document.querySelector('[data-key=points]').click()")
    assert chromium.run(NAMES)[-1] == EVIL
    choose(chromium, "find", "NER1")
    assert len(chromium.run(NAMES)) == 11
    choose(chromium, "task", "2")
    assert chromium.run("document.getElementById('shown').textContent"
                        ) == "6 of 21"
    choose(chromium, "find", "")
    choose(chromium, "task", "")
    choose(chromium, "show", "look")
    assert set(chromium.run(NAMES)) == {"learner7", EVIL}
    assert chromium.problems == []


def test_a_browser_opens_a_learner_by_keyboard(
        chromium: Browser, tmp_path: Path, library: Library) -> None:
    chromium.open(written(tmp_path / "report.html", library,
                          [*learners(3), evil()]))
    choose(chromium, "find", "boom")
    chromium.run("document.getElementById('grid').focus()")
    chromium.press("Enter")
    dialog = "document.getElementById('learner')"

    assert chromium.run(f"{dialog}.open")
    assert EVIL in chromium.run(f"{dialog}.textContent")
    assert chromium.run(f"{dialog}.querySelector('img')") is None
    chromium.press("Escape")
    assert not chromium.run(f"{dialog}.open")
    choose(chromium, "find", "")
    chromium.run("document.getElementById('grid').focus()")
    chromium.press("End")
    assert "learner2" in chromium.run(
        "document.querySelector('.current').textContent")
    assert chromium.problems == []


def alikes(count: int) -> Iterator[dict[str, Any]]:
    """Yield learners of like wrong answers, two of like files, one evil."""
    for number in range(count):
        source = random.Random(max(1, number))
        marks = b"".join(sorted(source.randbytes(4) for _ in range(64)))
        likeness = {"form": "a" * 16,
                    "marks": base64.b64encode(marks).decode()}
        yield report(task(0, likeness={"form": "b" * 16}),
                     task(1, "fail", 4.0, likeness=likeness,
                          failures=[failure(EVIL)]),
                     name=EVIL if number == 0 else f"learner{number}")


def test_a_browser_shows_like_answers_and_who_gave_them(
        chromium: Browser, tmp_path: Path, library: Library) -> None:
    chromium.open(written(tmp_path / "report.html", library,
                          list(alikes(8)) + list(learners(4))))
    lines = "document.querySelectorAll('#clusters tbody tr')"

    assert chromium.run(f"{lines}.length") == 1
    said = chromium.run(f"{lines}[0].textContent")
    assert said.startswith("80x00/1fail") and EVIL in said
    choose(chromium, "cluster-verdict", "")
    assert chromium.run(f"{lines}.length") == 2
    chromium.run(f"{lines}[0].querySelector('button').click()")
    assert len(chromium.run(NAMES)) == 8
    assert chromium.run("document.getElementById('shown').textContent"
                        ) == "8 of 12: like answers to 0x00/1 1-concat.py"
    chromium.run("document.getElementById('clear').click()")
    assert len(chromium.run(NAMES)) == 12
    assert chromium.run("document.querySelector('main img')") is None
    assert chromium.problems == []


def test_a_browser_shows_whose_files_are_alike(
        chromium: Browser, tmp_path: Path, library: Library) -> None:
    chromium.open(written(tmp_path / "report.html", library,
                          list(alikes(12))))
    pair = "document.querySelector('#pairs tbody tr')"

    assert chromium.run(f"{pair}.cells[0].textContent"
                        ) == f"{EVIL} and learner1"
    assert chromium.run(f"{pair}.cells[1].textContent"
                        ) == "0x00 1-concat.py 100 %"
    chromium.run(f"{pair}.querySelectorAll('button')[1].click()")
    assert chromium.run(
        "document.getElementById('learner-name').textContent") == "learner1"


def test_a_browser_shows_more_of_a_long_table_on_demand(
        chromium: Browser, tmp_path: Path, library: Library) -> None:
    records = [report(task(1, "fail", failures=[failure(f"it is {number}")]),
                      name=f"learner{number}") for number in range(20)]
    chromium.open(written(tmp_path / "report.html", library, records))
    lines = "document.querySelectorAll('#wrong tbody tr')"

    assert chromium.run(f"{lines}.length") == 15 + 1
    assert chromium.run(f"{lines}[15].textContent") == "Show more of 20"
    chromium.run(f"{lines}[15].querySelector('button').click()")
    assert chromium.run(f"{lines}.length") == 20


def test_a_browser_sorts_by_a_task_and_back(
        chromium: Browser, tmp_path: Path, library: Library) -> None:
    chromium.open(written(tmp_path / "report.html", library,
                          list(learners(6))))
    choose(chromium, "sort", "2")
    assert chromium.run(NAMES)[:3] == ["learner1", "learner3", "learner5"]
    chromium.run("document.getElementById('direction').click()")
    assert chromium.run(NAMES)[:3] == ["learner0", "learner2", "learner4"]
    assert chromium.run("document.querySelector('[data-key=\"2\"]')"
                        ".getAttribute('aria-sort')") == "descending"


@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_but_the_grid_is_wider_than_the_window(
        chromium: Browser, tmp_path: Path, library: Library,
        width: int) -> None:
    wide = [*learners(20), *alikes(3), evil(), report(
        task(1, "fail", failures=[failure("wide" * 99)]), name="w" * 200)]
    chromium.open(written(tmp_path / "report.html", library, wide),
                  (width, 900))

    assert chromium.run("document.documentElement.scrollWidth") <= width
    assert chromium.run(f"{ROWS}.length") == 25


def test_ten_thousand_still_open(chromium: Browser, tmp_path: Path,
                                 library: Library) -> None:
    path = written(tmp_path / "report.html", library,
                   list(learners(10_000)))
    chromium.open(path)

    assert path.stat().st_size < 4 << 20
    assert chromium.run(f"{ROWS}.length") < 100
    assert chromium.run("document.getElementById('shown').textContent"
                        ) == "10000 of 10000"
    assert chromium.problems == []
