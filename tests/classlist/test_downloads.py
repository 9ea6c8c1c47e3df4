"""What learning platforms hand out: whose it is, and what of it counts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.classlist import downloads
from grader.classlist.person import Person
from grader.cohort.archives import Unpacker
from grader.cohort.sources import Source, Sources, find
from grader.cohort.taking import take
from grader.errors import UserError
from grader.library.library import Library
from tests.cohort.test_sources import FOLDER, KNOWN, learner
from tests.conftest import RIGHT_FLOOR

ASYNC = "0x01-python_async_function"


def laid_out(folder: Path, *paths: str) -> Sources:
    """Return what is found in a folder of files, each of its own name."""
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(f"# {path}\n")
    return find([folder], KNOWN)


@pytest.mark.parametrize("name, key, who, file", [
    ("doejane_12345_67890_2-floor.py", "doejane_12345", "12345",
     "2-floor.py"),
    ("doejane_LATE_12345_67890_alx.zip", "doejane_12345", "12345",
     "alx.zip"),
    ("étienne_1_2_a_b.py", "étienne_1", "1", "a_b.py"),
    ("anon_aB3x9_67890_0-add.py", "anon_aB3x9", "aB3x9", "0-add.py"),
    ("Jane Doe_200100_assignsubmission_file_", "Jane Doe_200100",
     "Participant 200100",
     ""),
    ("Jane Doe_200100_assignsubmission_file", "Jane Doe_200100",
     "Participant 200100",
     ""),
    ("J_7 Doe_200100_assignsubmission_file_x.zip", "J_7 Doe_200100",
     "Participant 200100", "x.zip")])
def test_a_name_in_a_download_says_whose_it_is(
        name: str, key: str, who: str, file: str) -> None:
    found = downloads.recognise(name)

    assert found is not None
    assert (found.key, found.person.id, found.file) == (key, who, file)


@pytest.mark.parametrize("name", [
    "2-floor.py", "jane_doe", "alx-backend-python", "1_2_3_x",
    "submission_12", "jane_12345"])
def test_other_names_are_no_download(name: str) -> None:
    assert downloads.recognise(name) is None


def test_single_files_of_canvas_go_to_their_task_folders(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    source, = laid_out(tmp_path, *(f"doejane_1_{number}_{name}" for
                                   number, name in enumerate((
                                       "2-floor.py", "helper.py",
                                       "2-floor-1.py", "picture.png"), 10))
                       ).found
    taken = take(source, library, unpacker)

    assert source.name == taken.name == "doejane_1"
    assert taken.contents(FOLDER) == {
        # Of a file that was handed in twice the newer one counts.
        "2-floor.py": b"# doejane_1_12_2-floor-1.py\n",
        "helper.py": b"# doejane_1_11_helper.py\n"}
    assert taken.folders.keys() == {FOLDER}


def test_an_archive_of_canvas_is_the_learners_submission(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    learner(tmp_path / "home" / "deep" / "repository")
    shutil.make_archive(str(tmp_path / "class" / "doejane_LATE_1_9_alx"),
                        "zip", tmp_path / "home")
    source, = find([tmp_path / "class"], KNOWN).found
    again, = find([tmp_path / "class"], KNOWN).found

    assert take(source, library, unpacker).folders.keys() == {FOLDER}
    assert source.person == Person(name="doejane", id="1", submitted="late")
    assert source.place == again.place


def test_one_learner_of_a_download_has_the_same_name_alone(
        tmp_path: Path) -> None:
    whole = laid_out(
        tmp_path, "doejane_1_2_2-floor.py", "doejane_1_3_0-add.py",
        "lito_4_5_2-floor.py", "submission_9/x/notes.txt",
        f"Li Tan_21_assignsubmission_file_/{FOLDER}/2-floor.py")
    (tmp_path / downloads.METADATA).write_text(
        "submission_9:\n  :submitters:\n  - :name: Eve\n")
    paths = ["doejane_1_3_0-add.py", "Li Tan_21_assignsubmission_file_"]
    found = [each for path in paths
             for each in find([tmp_path / path], KNOWN).found]
    one = find([tmp_path / "submission_9", tmp_path / paths[0]], KNOWN).found

    assert {each.name: each for each in found}.items() <= {
        each.name: each for each in whole.found}.items()
    assert len(found[0].files) == 2
    assert (one[0].name, one[0].person.name) == ("submission_9", "Eve")


def test_an_archive_beside_single_files_is_not_guessed_at(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    source, = laid_out(tmp_path, "doejane_1_2_a.zip",
                       "doejane_1_3_2-floor.py").found

    with pytest.raises(UserError, match="several submissions: a.zip, 2-flo"):
        take(source, library, unpacker)


def test_the_folders_of_moodle_hold_files_or_task_folders(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    one = "Jane Doe_20_assignsubmission_file_"
    found = laid_out(
        tmp_path, f"{one}/2-floor.py", f"{one}/0-basic_async_syntax.py",
        "Jane Doe_20_assignsubmission_onlinetext_/onlinetext.html",
        f"Li Tan_21_assignsubmission_file_/{FOLDER}/2-floor.py")

    assert [each.name for each in found.found] == [
        "Jane Doe_20", "Li Tan_21"]
    jane, tan = (take(each, library, unpacker) for each in found.found)
    assert jane.folders.keys() == {FOLDER, ASYNC}
    assert jane.contents(ASYNC).keys() == {"0-basic_async_syntax.py"}
    assert tan.folders.keys() == {FOLDER}
    assert found.passed_over == [
        "Jane Doe_20_assignsubmission_onlinetext_"]


def test_a_single_file_of_no_download_is_in_no_task_folder(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    learner(tmp_path / "ada")
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "2-floor.py").write_text(RIGHT_FLOOR)
    _, bob = find([tmp_path], KNOWN).found

    assert not take(bob, library, unpacker).folders


def test_gradescope_says_who_handed_in_and_when(tmp_path: Path) -> None:
    learner(tmp_path / "submission_11")
    learner(tmp_path / "submission_12")
    (tmp_path / downloads.METADATA).write_text("""\
---
submission_11:
  :submitters:
  - :name: Jane Doe
    :sid: '77'
    :email: jane@uni.example
  - :name: Li Tan
    :sid: '78'
    :email: tan@uni.example
  :created_at: 2026-11-21 10:00:00.000000000 Z
  :score: 5.0
submission_12:
  :submitters: []
""")
    one, two = find([tmp_path], KNOWN).found

    assert one.person == Person(
        name="Jane Doe, Li Tan", id="77", email="jane@uni.example",
        submitted="2026-11-21 10:00:00.000000000 Z")
    assert two.person == Person()


def test_clones_are_their_owners_or_of_whom_the_name_ends_in() -> None:
    config = '[remote "origin"]\n\turl = {}\n'
    for url in ("https://github.com/jdoe/alx.git",
                "git@github.com:jdoe/alx", "ssh://git@github.com/jdoe/alx"):
        assert downloads.github(config.format(url)) == ("jdoe", "alx")
    assert downloads.github(config.format("https://x.example/a/b")) is None
    assert downloads.logins({"a": ("jdoe", "alx"), "b": ("tan", "py")}) == {
        "a": "jdoe", "b": "tan"}
    assert downloads.logins({
        "a": ("school", "python-jdoe"), "b": ("school", "python-li-tan")
    }) == {"a": "jdoe", "b": "li-tan"}


def test_a_whole_class_in_one_archive_is_to_be_unpacked(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    laid_out(tmp_path / "class", "doejane_1_2_2-floor.py")
    whole = shutil.make_archive(str(tmp_path / "submissions"), "zip",
                                tmp_path / "class")

    with pytest.raises(UserError, match="holds several") as caught:
        take(Source.at(Path(whole)), library, unpacker)
    assert caught.value.todo == "unpack it, and name the folder as PATH"
