"""Intake: what is read of a submission, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest

from grader.errors import UserError
from grader.library.library import Library
from grader.submission.neededfiles import most_needed_first, can_be_needed
from grader.submission.submission import MAX_BYTES, collect, read_file

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
    "0-Add.py", "0-add.PY", "0_add.py", "0-add.py.txt", "0-add (1).py",
    "0-ad.py"])
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
    (submission / "python-context-async-peration-0x02").mkdir()
    task, = library.select(["python-context-async-perations-0x02/1"])

    assert collect(submission, library).missing(task) == (
        "the folder python-context-async-perations-0x02 is not there; is "
        "'python-context-async-peration-0x02' meant to be it?")


def test_packages_are_read_and_environments_are_not(
        submission: Path, library: Library) -> None:
    folder = submission / NAME
    for name in ("lib/sums.py", "lib/data/page.csv", "a/b/c/deep.py",
                 "a/b/c/d/deeper.py", "mine/pyvenv.cfg", "mine/bin/run.py",
                 "venv/run.py", "node_modules/tool.py", ".git/hook.py",
                 "__pycache__/old.py", "my-notes/note.py", "lib/movie.mp4",
                 "checks/test_2_floor.py"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("")
    (folder / "beyond").symlink_to("/etc")

    files = collect(submission, library).folders[NAME]

    assert list(files) == ["2-floor.py", "a/b/c/deep.py", "beyond",
                           "lib/data/page.csv", "lib/sums.py"]
    assert files["beyond"].refused == "is a symbolic link"


def test_an_environment_right_in_the_task_folder_hides_no_answer(
        submission: Path, library: Library) -> None:
    (submission / NAME / "pyvenv.cfg").write_text("")

    assert list(collect(submission, library).folders[NAME]) == ["2-floor.py"]


@pytest.mark.parametrize("path, does", [
    ("0-add.py", True), ("0-add.PY", True), ("0-add.py.txt", True),
    (".env", True), ("lib/sums.py", True), ("a/b/c/x.py", True),
    ("a/b/c/d/x.py", False), ("a-b/x.py", False), (".venv/x.py", False),
    ("venv/x.py", False), ("._0-add.py", False), ("0-add.pyc", False)])
def test_what_counts_is_told_by_the_path_alone(path: str,
                                               does: bool) -> None:
    assert can_be_needed(PurePosixPath(path)) is does


def test_what_tasks_mention_comes_before_the_rest() -> None:
    texts = {"0-add.py": b'from lib import sums\nopen("users-1.csv")',
             "lib/__init__.py": b"", "lib/sums.py": b"from . import more",
             "lib/more.py": b"", "users-1.csv": b"", "big.py": b"",
             "small.py": b"", "page.csv": b""}
    sizes = {"big.py": 9}

    batches = list(most_needed_first(texts, ["0-add.py"],
                                     lambda name: sizes.get(name, 1),
                                     texts.__getitem__))

    assert [batch for batch in batches if batch] == [
        ["0-add.py"], ["lib/__init__.py", "lib/sums.py", "users-1.csv"],
        ["lib/more.py"], ["small.py", "big.py", "page.csv"]]


def test_a_link_that_stays_inside_is_followed(
        submission: Path, library: Library) -> None:
    (submission / NAME).rename(submission / "work")
    (submission / NAME).symlink_to("work")

    assert list(collect(submission, library).folders[NAME]) == ["2-floor.py"]


@pytest.mark.parametrize("target, why", [
    ("../elsewhere", "leads out of the submission"),
    ("nowhere", "leads to no folder"),
    (NAME, "leads to no folder")])
def test_a_link_that_leads_astray_is_refused_in_words(
        submission: Path, library: Library, target: str, why: str) -> None:
    (submission / NAME).rename(submission.parent / "elsewhere")
    (submission / NAME).symlink_to(target)

    found = collect(submission, library)

    assert found.missing(library.select(["0x00/2"])[0]) == (
        f"the folder {NAME} is a symbolic link that {why}")


def test_a_link_that_is_named_itself_is_followed(
        submission: Path, library: Library) -> None:
    (submission / NAME).rename(submission.parent / NAME)
    (submission / NAME).symlink_to(submission.parent / NAME)

    assert list(collect(submission / NAME, library).folders[NAME]) == [
        "2-floor.py"]


@pytest.mark.parametrize("place, asked, todo", [
    (f"main/main/{NAME}", "", "do you mean {}/main/main?"),
    (f"main/{NAME}", "", "do you mean {}/main?"),
    (NAME[:-1], "", f"is '{NAME[:-1]}' meant to be {NAME}?"),
    (f"main/{NAME[:-1]}", "", f"is 'main/{NAME[:-1]}' meant to be {NAME}?"),
    (NAME[:-1], NAME[:-1], f"is '{NAME[:-1]}' meant to be {NAME}?"),
    ("week one", "", f"week one has 2-floor.py: it belongs into a folder "
                     f"{NAME}"),
    ("a/b/c/d/e/f/g/h", "", "it holds a; a task folder is named like "
                            f"{NAME}, with any number or none"),
])
def test_what_was_seen_is_said_where_no_task_folder_is(
        submission: Path, library: Library, place: str, asked: str,
        todo: str) -> None:
    (submission / place).parent.mkdir(parents=True, exist_ok=True)
    (submission / NAME).rename(submission / place)

    with pytest.raises(UserError) as raised:
        collect(submission / asked, library)

    assert raised.value.todo == todo.format(submission)


def test_a_file_one_folder_too_deep_is_pointed_out(
        submission: Path, library: Library) -> None:
    (submission / NAME / "src").mkdir()
    (submission / NAME / "2-floor.py").rename(
        submission / NAME / "src" / "2-floor.py")

    assert collect(submission, library).missing(
        library.select(["0x00/2"])[0]) == (
        "2-floor.py is not there; is 'src/2-floor.py' meant to be it?")
