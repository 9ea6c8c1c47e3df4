"""Files that are worded alike: groups, in a class of any size."""

from __future__ import annotations

import base64
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.cohort import copies, html
from grader.cohort.copies import Copy
from grader.cohort.given import given
from grader.cohort.html import Beside
from grader.inside.likeness import phrasing
from grader.library.library import Library
from tests.cohort.test_alike import mixed, sketch
from tests.helpers.browser import Browser
from tests.helpers.reports import HOSTILE, report, task


def marks(text: str) -> list[int]:
    return sorted(int.from_bytes(each, "big")
                  for each in phrasing.passages(text))


def prose(source: random.Random, count: int) -> str:
    """Return a program of `count` lines, with a comment on each."""
    words = ["total", "value", "item", "row", "name", "result", "count"]
    return "".join(
        f"{source.choice(words)}_{source.randrange(99)} = "
        f"{source.choice(words)}({source.randrange(999)})"
        f"  # {' '.join(source.sample(words, 4))}\n" for _ in range(count))


def test_layout_is_no_part_of_the_wording_and_comments_are() -> None:
    text = "def f(a, b):\n    # Add both of them.\n    return a + b\n"

    assert phrasing.passages(text) == phrasing.passages(
        text.replace("    ", "  ").replace("a, b", "a,\n  b"))
    assert phrasing.passages(text) != phrasing.passages(
        text.replace("both", "the two"))
    for broken in ("'''", "x = (", "\ud800", "\0", ""):
        assert phrasing.passages(broken) == set()


def packed(files: dict[int, list[int]]) -> dict[int, bytes]:
    return {who: b"".join(mark.to_bytes(4, "big") for mark in marks[:160])
            for who, marks in files.items()}


def pairs(files: Sequence[dict[int, list[int]]], own: Sequence[int] = ()
          ) -> list[tuple[int, int, int]]:
    found = [each for file, marks in enumerate(files)
             for each in copies.candidates(file, packed(marks), own)]
    return [(each.one, each.two, each.file)
            for each in sorted(copies.sure(found))]


def test_two_of_six_with_one_file_are_found() -> None:
    source = random.Random(1)
    files = {who: marks(prose(source, 30)) for who in range(6)}
    files[4] = files[2]

    assert pairs([files]) == [(2, 4, 0)]


def test_four_of_six_are_a_group_and_so_are_forty_of_fifty() -> None:
    source = random.Random(2)
    for copied, size in ((4, 6), (40, 50)):
        same = prose(source, 40)
        files = {who: marks(same + prose(source, 2 if who < copied else 0)
                            if who < copied else prose(source, 40))
                 for who in range(size)}
        found = pairs([files])

        assert copies.groups((one, two) for one, two, _ in found) == [
            list(range(copied))]


def test_many_identical_files_are_compared_once() -> None:
    same = marks(prose(random.Random(3), 40))
    found = pairs([dict.fromkeys(range(5000), same)])

    assert len(found) == 4999
    assert copies.groups((one, two) for one, two, _ in found) == [
        list(range(5000))]


def test_what_is_given_to_all_is_no_sign() -> None:
    source = random.Random(4)
    same = prose(source, 40)
    files = {who: marks(same + prose(source, 8)) for who in range(5)}

    assert pairs([files], marks(same)) == []
    assert len(pairs([files])) > 1


def test_one_short_file_says_nothing_but_several_do() -> None:
    source = random.Random(5)
    short = [marks(prose(source, 7)) for _ in range(4)]
    other = [{0: each, 1: each, 2: marks(prose(source, 7))}
             for each in short]

    assert pairs(other[:1]) == []
    assert pairs(other) == [(0, 1, file) for file in range(4)]


def test_half_of_a_file_is_not_enough() -> None:
    source = random.Random(6)
    first = sketch(source, 150)

    assert pairs([{0: first, 1: mixed(source, first, 0.5)}]) == []
    assert pairs([{0: first, 1: mixed(source, first, 0.95)}]) == [(0, 1, 0)]


def test_of_long_files_a_part_of_the_marks_tells() -> None:
    source = random.Random(7)
    whole = sketch(source, 1000)
    other = mixed(source, whole, 0.8)
    found, = copies.candidates(
        0, packed({0: whole[:160], 1: other[:160]}), frozenset())

    # 800 of 1,200 are in both.
    assert found.share == pytest.approx(0.67, abs=0.1)
    assert found.shared == pytest.approx(800, rel=0.2)


def test_groups_are_what_pairs_connect() -> None:
    assert copies.groups([(5, 6), (1, 2), (2, 3), (8, 9), (3, 9)]) == [
        [1, 2, 3, 8, 9], [5, 6]]
    assert copies.groups([]) == []


def test_models_and_starters_are_given(library: Library) -> None:
    folder = library.folders[0]
    model = (folder.path / folder.tasks[0].file).read_text()

    assert set(marks(model)) <= given(library)
    assert not set(marks(prose(random.Random(8), 9))) & given(library)


def worded(name: str, text: str) -> dict[str, Any]:
    return report(task(0, likeness={
        "form": "a" * 16, "wording": phrasing.marks(text)}), name=name)


def data(records: list[dict[str, Any]], library: Library,
         beside: Beside) -> str:
    return "".join(html.page(library.select(["0x00/0"]), lambda: records,
                             beside=beside))


@pytest.fixture
def copied(library: Library) -> str:
    """Return the page of two who copied, from each other and from before."""
    source = random.Random(9)
    text = prose(source, 40)
    records = [worded(HOSTILE, text), worded("b", prose(source, 40)),
               worded("c", f"{text}x = 1\n")]
    return data(records, library, Beside(
        earlier=lambda: [("old (2025)", worded("old", text)),
                         ("older (2025)", worded("older", text))],
        code=lambda name, task: f"# {name}\n{text.upper()}"))


def test_a_browser_shows_both_files_and_what_is_the_same(
        chromium: Browser, tmp_path: Path, copied: str) -> None:
    (tmp_path / "report.html").write_text(copied)
    chromium.open(tmp_path / "report.html")
    line = "document.querySelector('#groups-alike tbody tr')"
    assert chromium.run(f"{line}.cells[0].textContent") == "4"
    assert chromium.run(f"{line}.cells[1].textContent") == (
        f"{HOSTILE}, c, old (2025), older (2025)")
    chromium.run(f"{line}.cells[2].querySelector('button').click()")
    sides = chromium.run("[...document.querySelectorAll('#compare .side')]"
                         ".map(each => each.querySelectorAll('.same')"
                         ".length)")
    assert sides == [40, 40]
    assert HOSTILE in chromium.run(
        "document.querySelector('#compare h3').textContent")
    assert chromium.run("document.querySelector('main img')") is None
    assert chromium.problems == []


def test_of_earlier_classes_alone_nothing_is_said(library: Library) -> None:
    text = prose(random.Random(10), 40)
    page = data([worded("new", "x = 1\n")], library, Beside(
        earlier=lambda: [(name, worded(name, text))
                         for name in ("ancient", "antique")]))

    assert '"groups":[]' in page and "antique" not in page


def test_a_copy_is_ordered_and_plain() -> None:
    assert Copy(one=0, two=1, file=0, share=1.0, shared=200) < Copy(
        one=0, two=2, file=0, share=1.0, shared=200)
    assert base64.b64decode(phrasing.marks("")) == b""
