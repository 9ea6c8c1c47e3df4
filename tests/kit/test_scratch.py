"""Given files are put into the workspace, and sources are read from it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.kit.scratch import GIVEN, give, text_of


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GRADE_WORKSPACE", str(tmp_path))
    (tmp_path / GIVEN).mkdir()
    (tmp_path / GIVEN / "users.csv").write_text("Ada,36\n")
    return tmp_path


@pytest.mark.parametrize("text", ["Ben,25\n", "", None])
def test_a_given_file_that_was_changed_is_given_again(
        workspace: Path, text: str | None) -> None:
    path = give("users.csv")
    if text is None:
        path.unlink()
    else:
        path.write_text(text)

    assert give("users.csv").read_text() == "Ada,36\n"


def test_a_given_file_takes_the_place_of_another(workspace: Path) -> None:
    (workspace / "users.csv").write_text("Ben,25\n")

    assert give("users.csv").read_text() == "Ada,36\n"


def test_a_given_file_that_is_as_it_was_is_not_written(
        workspace: Path) -> None:
    before = os.stat(give("users.csv"))

    # A write would set it to now.
    assert os.stat(give("users.csv")).st_mtime_ns == before.st_mtime_ns
    assert before.st_mtime == 0


def test_a_source_that_was_changed_is_read_again(workspace: Path) -> None:
    path = workspace / "0-add.py"
    path.write_text("one")
    first = text_of(path)
    path.write_text("three")

    assert (first, text_of(path)) == ("one", "three")
