"""Where a call points to, however it is spelled."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.library.library import load_library
from grader.library.locate import STATE, locate, root_of

KNOWN = load_library().names
NAME = "0x00-python_variable_annotations"


@pytest.fixture
def root(submission: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(submission)
    return submission


@pytest.mark.parametrize("path, words, meant", [
    (".", [], []),
    (".", ["0x00/2"], ["0x00/2"]),
    ("0x00/2", [], ["0x00/2"]),
    ("0x00", ["0x01"], ["0x00", "0x01"]),
    ("decorators", [], ["decorators"]),
    ("ctx/1", [], ["ctx/1"]),
    ("ctx", [], ["ctx"]),
    ("GEN/1", [], ["GEN/1"]),
    (NAME, [], [NAME]),
    (f"{NAME}/2-floor.py", [], [f"{NAME}/2-floor.py"]),
    ("0x00/2", ["."], ["0x00/2"]),
    ("0X00/2", [], ["0X00/2"]),
    ("0x00\\2", [], ["0x00\\2"]),
    ("2-floor.py", [], ["2-floor.py"]),
])
def test_standing_in_the_root(root: Path, path: str, words: list[str],
                              meant: list[str]) -> None:
    found, selectors = locate(Path(path), words, KNOWN)
    assert (found.resolve(), selectors) == (root, meant)


@pytest.mark.parametrize("path, words, meant", [
    (".", [], [NAME]),
    (".", ["2"], [f"{NAME}/2"]),
    ("2", [], [f"{NAME}/2"]),
    ("2-floor.py", [], [f"{NAME}/2-floor.py"]),
    ("0x01/3", [], ["0x01/3"]),
    ("2", ["."], [f"{NAME}/2"]),
    ("2-floor.py", ["3-to_str.py"], [f"{NAME}/2-floor.py",
                                     f"{NAME}/3-to_str.py"]),
    ("..", ["0x00"], ["0x00"]),
])
def test_standing_in_a_folder(
        root: Path, monkeypatch: pytest.MonkeyPatch, path: str,
        words: list[str], meant: list[str]) -> None:
    monkeypatch.chdir(root / NAME)
    found, selectors = locate(Path(path), words, KNOWN)
    assert (found.resolve(), selectors) == (root, meant)


def test_what_is_not_there_stays_what_it_is(root: Path) -> None:
    assert locate(Path("/no/such/path"), [], KNOWN) == (
        Path("/no/such/path"), [])
    assert locate(Path("nowhere"), [], KNOWN) == (Path("nowhere"), [])


def test_the_root_of_a_folder_is_the_one_above(root: Path) -> None:
    assert root_of(root / NAME, KNOWN) == root
    assert root_of(root, KNOWN) == root


def test_standing_deep_in_a_workspace_is_standing_in_it(
        root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (root / "notes" / "old").mkdir(parents=True)
    monkeypatch.chdir(root / "notes" / "old")
    assert root_of(Path(), KNOWN) == Path()

    (root / STATE).write_text("{}")
    assert root_of(Path(), KNOWN) == root
    assert root_of(root / "notes", KNOWN) == root / "notes"


def test_the_place_may_come_last(root: Path,
                                 monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root.parent)
    assert locate(Path("0x00/2"), [root.name], KNOWN) == (
        Path(root.name), ["0x00/2"])
