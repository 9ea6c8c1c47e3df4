"""A task's file made blank again, and the way back."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.errors import UserError
from grader.learner import reset
from grader.library.library import Library, Task

MINE = "mine, ä\r\n".encode() + b"\xff"


@pytest.fixture
def task(library: Library) -> Task:
    return library.select(["0x00/9"])[0]


@pytest.fixture
def file(made: Path, task: Task) -> Path:
    path = made / task.folder / task.file
    path.write_bytes(MINE)
    return path


def test_a_reset_writes_the_starter_and_undo_brings_all_back(
        made: Path, library: Library, task: Task, file: Path) -> None:
    reset.reset(made, library, task)
    assert file.read_text() == task.starter
    assert os.access(file, os.X_OK)
    assert reset.undo(made, library) == task
    assert file.read_bytes() == MINE

    # And undone in its turn.
    reset.undo(made, library)
    assert file.read_text() == task.starter


def test_a_file_that_is_gone_is_made_again(
        made: Path, library: Library, task: Task, file: Path) -> None:
    file.unlink()
    reset.reset(made, library, task)
    assert file.read_text() == task.starter


def test_there_is_nothing_to_take_back_at_first(made: Path,
                                                library: Library) -> None:
    with pytest.raises(UserError, match="no reset to take back"):
        reset.undo(made, library)


@pytest.mark.parametrize("text", [
    "", "[]", '{"folder": "x", "file": "y", "content": ""}',
    '{"folder": "..", "file": "../x.py", "content": "eA=="}',
    '{"folder": 1, "file": 2, "content": 3}'])
def test_a_record_that_makes_no_sense_is_none(
        made: Path, library: Library, text: str) -> None:
    (made / reset.KEPT).write_text(text)
    with pytest.raises(UserError, match="no reset to take back"):
        reset.undo(made, library)


def test_a_link_is_left_alone(
        made: Path, library: Library, task: Task, file: Path,
        tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("elsewhere") / "precious"
    other.write_text("precious")
    file.unlink()
    file.symlink_to(other)
    with pytest.raises(UserError):
        reset.reset(made, library, task)
    assert other.read_text() == "precious"
