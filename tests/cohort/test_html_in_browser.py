"""report.html in a real browser, where there is one."""

from __future__ import annotations

import base64
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from grader.cohort import html
from grader.library.library import Library
from tests.helpers.browser import Browser
from tests.helpers.reports import (
    EVIL, HOSTILE, evil, failure, learners, report, task, written)


ROWS = "document.querySelectorAll('#rows .row')"
NAMES = f"[...{ROWS}].map(row => row.firstChild.textContent)"


def choose(page: Browser, id: str, value: str) -> None:
    page.run(f"(() => {{ const field = document.getElementById({id!r});"
             f" field.value = {value!r}; field.dispatchEvent("
             "new Event('input', {bubbles: true})); })()")


def test_a_browser_shows_sorts_and_filters(
        chromium: Browser, tmp_path: Path, library: Library) -> None:
    chromium.open(written(tmp_path / "report.html", library,
                          [*learners(20), evil() | {"caution": HOSTILE}]))
    assert f"Of 1: {HOSTILE}." in chromium.run(
        "document.getElementById('summary').textContent")
    names = chromium.run(NAMES)
    assert names[-3:] == ["learner17", "learner18", "learner19"]

    chromium.run("document.querySelector('[data-key=points]').click()")
    # Who could not be judged has no points, which is less than none.
    assert chromium.run(NAMES)[-2:] == [EVIL, "learner7"]
    assert "1 could not be judged and have no score: learner7" in (
        chromium.run("document.getElementById('undecided').textContent"))
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
    assert "points; isolation full; Python 3.11.7; 1" in chromium.run(
        f"{dialog}.textContent")
    assert chromium.run(f"{dialog}.querySelector('img')") is None
    chromium.press("Escape")
    assert not chromium.run(f"{dialog}.open")
    choose(chromium, "find", "")
    chromium.run("document.getElementById('grid').focus()")
    chromium.press("End")
    assert "learner2" in chromium.run(
        "document.querySelector('.current').textContent")
    assert chromium.problems == []


def test_an_address_opens_a_learner_and_an_open_one_has_an_address(
        chromium: Browser, tmp_path: Path, library: Library) -> None:
    path = written(tmp_path / "report.html", library,
                   [*learners(3), report(task(0), name="b/é x")])
    chromium.open(path)
    chromium.run("location.hash = '#b%2F%C3%A9%20x'")
    name = "document.getElementById('learner-name').textContent"

    assert chromium.run("new Promise(done => setTimeout(() => done("
                        f"{name}), 100))") == "b/é x"
    chromium.run("document.getElementById('learner').close()")
    chromium.run(f"{ROWS}[1].click()")
    assert chromium.run("decodeURIComponent(location.hash)"
                        ) == f"#{chromium.run(name)}"
    assert chromium.problems == []


def test_a_class_has_names_marks_and_an_order_of_its_own(
        chromium: Browser, tmp_path: Path, library: Library) -> None:
    who = {"name": HOSTILE, "id": "7", "section": "A"}
    mark = {"points": 8.5, "max": 20.0, "notes": [EVIL]}
    records = [report(task(0), name="z") | {"learner": who, "mark": mark},
               report(task(0, "fail", 0.0), name="a") | {
                   "learner": {"name": "Eve"}, "absent": 1,
                   "mark": mark | {"points": 0.0, "notes": []}}]
    path = tmp_path / "report.html"
    path.write_text("".join(html.page(
        library.select(["0x00/0"]), lambda: records, is_ordered=True)))
    chromium.open(path)

    assert chromium.run(NAMES) == [HOSTILE, "Eve"]
    assert chromium.run(f"{ROWS}[0].textContent").endswith("10 100 %8.5")
    assert "1 submission, 1 who handed in nothing" in chromium.run(
        "document.getElementById('summary').textContent")
    chromium.run(f"{ROWS}[0].click()")
    dialog = "document.getElementById('learner').textContent"
    for part in ("z; 7; A", "Mark: 8.5 of 20", EVIL):
        assert part in chromium.run(dialog)
    chromium.run("document.getElementById('learner').close()")
    choose(chromium, "show", "absent")
    assert chromium.run(NAMES) == ["Eve"]
    assert chromium.run("document.querySelector('img')") is None
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
