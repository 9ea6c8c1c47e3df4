"""Intake: what is read of a submission, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.errors import UserError
from grader.library import Library
from grader.submission import MAX_BYTES, collect, read_file

NAME = "0x00-python_variable_annotations"


def test_a_folder_of_tasks_is_read(submission: Path,
                                   library: Library) -> None:
    found = collect(submission, library)

    assert found.name == "learner"
    assert list(found.folders[NAME]) == ["2-floor.py"]


def test_a_task_folder_stands_for_its_submission(
        submission: Path, library: Library) -> None:
    assert collect(submission / NAME, library).name == "learner"


@pytest.mark.parametrize("make, word", [
    (lambda path: path / "nowhere", "neither a folder nor a task"),
    (lambda path: path / NAME / "2-floor.py", "is a file"),
    (lambda path: path / "empty", "none of the task folders"),
])
def test_a_path_without_a_submission_is_refused(
        submission: Path, library: Library, make: object,
        word: str) -> None:
    (submission / "empty").mkdir()
    assert callable(make)

    with pytest.raises(UserError, match=word):
        collect(make(submission), library)


def test_links_and_pipes_and_large_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "link.py").symlink_to("/etc/passwd")
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "large.py").write_bytes(b"#" * (MAX_BYTES + 1))
    (tmp_path / "folder.py").mkdir()

    assert read_file(tmp_path / "link.py").refused == "is a symbolic link"
    assert read_file(tmp_path / "pipe.py").refused == "is not a regular file"
    assert "larger" in str(read_file(tmp_path / "large.py").refused)
    assert read_file(tmp_path / "folder.py").refused is not None


def test_only_files_that_a_task_can_need_are_read(
        submission: Path, library: Library) -> None:
    folder = submission / NAME
    (folder / "movie.mp4").write_bytes(b"x")
    (folder / "venv").mkdir()
    (folder / "venv" / "thing.py").write_text("")

    assert list(collect(submission, library).folders[NAME]) == ["2-floor.py"]


@pytest.mark.parametrize("name", [
    "0-Add.py", "0_add.py", "0-add.py.txt", "0-add (1).py", "0-ad.py"])
def test_a_file_of_almost_the_right_name_is_pointed_out(
        submission: Path, library: Library, name: str) -> None:
    (submission / NAME / name).write_text("")
    task, = library.select(["0x00/0"])

    assert repr(name) in collect(submission, library).missing(task)


@pytest.mark.parametrize("name", ["3-tasks.py", "4-main.py", "tasks.py"])
def test_the_file_of_another_task_is_not_pointed_out(
        submission: Path, library: Library, name: str) -> None:
    task, = library.select(["0x01/4"])
    (submission / task.folder).mkdir()
    (submission / task.folder / name).write_text("")

    said = collect(submission, library).missing(task)
    assert said == "4-tasks.py is not there"


def test_a_folder_of_almost_the_right_name_is_pointed_out(
        submission: Path, library: Library) -> None:
    (submission / "python-context-async-operations-0x02").mkdir()
    task, = library.select(["python-context-async-perations-0x02/1"])

    assert collect(submission, library).missing(task) == (
        "the folder python-context-async-perations-0x02 is not there; is "
        "'python-context-async-operations-0x02' meant to be it?")
