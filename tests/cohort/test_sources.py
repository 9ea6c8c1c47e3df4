"""What counts as a submission, and what it is called."""

from __future__ import annotations

import shutil
import tarfile
from pathlib import Path

import pytest

from grader.cohort.archives import Refused, Unpacker
from grader.cohort.sources import Source, find, named
from grader.cohort.taking import take
from grader.errors import UserError
from grader.library.library import Library, load_library
from grader.submission.submission import MAX_FILES
from tests.conftest import RIGHT_FLOOR

FOLDER = "0x00-python_variable_annotations"
KNOWN = load_library().names


def learner(path: Path, source: str = RIGHT_FLOOR) -> Path:
    (path / FOLDER).mkdir(parents=True)
    (path / FOLDER / "2-floor.py").write_text(source)
    return path


def packed(path: Path, home: Path, within: str) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        archive.add(home, within)
    return path


def names(*paths: Path) -> list[str]:
    return [source.name for source in find(paths, KNOWN).found]


def test_each_subfolder_that_may_hold_task_folders_is_one(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    learner(tmp_path / "bob")
    learner(tmp_path / "ada" / "repository")
    learner(tmp_path / ".hidden")
    (tmp_path / "notes").mkdir()
    (tmp_path / "grades.csv").write_text("")
    sources = find([tmp_path], KNOWN)

    assert [each.name for each in sources.found] == ["ada", "bob", "notes"]
    assert sources.passed_over == [".hidden", "grades.csv"]
    assert take(sources.found[0], library, unpacker).folders.keys() == {FOLDER}


def test_results_in_a_class_are_of_a_run_or_of_a_learner(
        tmp_path: Path) -> None:
    for name in "killed", "done", "ada":
        (tmp_path / name).mkdir()
        (tmp_path / name / "results.jsonl").write_text("")
    (tmp_path / "done" / "grades.csv").write_text("")
    (learner(tmp_path / "ada") / "grades.csv").write_text("")

    found = find([tmp_path], KNOWN)
    assert [each.name for each in found.found] == ["ada"]
    assert found.passed_over == ["done", "killed"]


def test_results_go_into_the_class_but_into_no_submission(
        tmp_path: Path) -> None:
    for name in "ada", "bob":
        learner(tmp_path / name / "repository")
    for name in "results.jsonl", "grades.csv", "report.html":
        (tmp_path / name).write_text("")

    found = find([tmp_path], KNOWN, tmp_path)
    assert [each.name for each in found.found] == ["ada", "bob"]
    for path, out in (("", "ada"), ("", "bob/../ada"),
                      ("ada/repository", "ada/repository"),
                      (f"ada/repository/{FOLDER}", "ada/repository")):
        with pytest.raises(UserError, match=r"ada\S* is a submission"):
            find([tmp_path / path], KNOWN, tmp_path / out)


def test_a_submission_itself_is_one(tmp_path: Path) -> None:
    learner(tmp_path / "ada")

    assert names(tmp_path / "ada") == ["ada"]
    assert names(tmp_path / "ada" / FOLDER, tmp_path / "ada") == ["ada"]


def test_a_list_names_paths_beside_it(tmp_path: Path) -> None:
    learner(tmp_path / "class" / "ada")
    packed(tmp_path / "eve.tgz", learner(tmp_path / "x"), "repo")
    (tmp_path / "list.txt").write_text("# ours\n\nclass\neve.tgz\n")

    assert names(tmp_path / "list.txt") == ["ada", "eve"]


@pytest.mark.parametrize("line", ["nobody", "nobody.zip", "list.txt"])
def test_a_list_of_what_is_not_there_is_refused(tmp_path: Path,
                                                line: str) -> None:
    (tmp_path / "list.txt").write_text(line)

    with pytest.raises(UserError, match="list.txt lists"):
        find([tmp_path / "list.txt"], KNOWN)


def test_equal_names_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    learner(tmp_path / "a" / "ada")
    learner(tmp_path / "b" / "ada")
    found = find([tmp_path / "b", tmp_path / "a", tmp_path / "b"], KNOWN).found

    assert [each.name for each in named(found, {}, tmp_path / "out")] == [
        "b/ada", "a/ada"]


def test_nothing_to_grade_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no submission"):
        find([tmp_path], KNOWN)
    with pytest.raises(UserError, match="is not there"):
        find([tmp_path / "missing"], KNOWN)


def test_what_becomes_a_link_once_it_was_found_is_not_read(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    learner(tmp_path / "class" / "eve")
    learner(tmp_path / "ada")
    source, = find([tmp_path / "class"], KNOWN).found
    take(source, library, unpacker)
    shutil.rmtree(source.path)
    source.path.symlink_to(tmp_path / "ada")

    with pytest.raises(UserError, match="leads elsewhere by now"):
        take(source, library, unpacker)


def test_an_archive_reads_like_its_folder(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    home = learner(tmp_path / "ada")
    archive = packed(tmp_path / "ada.tar.gz", home, "ada-main")
    plain = take(Source.at(home, "ada"), library, unpacker)

    assert take(Source.at(archive, "ada"), library, unpacker) == plain


def test_an_archive_without_task_folders_says_what_there_is(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    (tmp_path / "notes").mkdir()
    archive = packed(tmp_path / "a.tgz", tmp_path / "notes", "notes")

    taken = take(Source.at(archive, "a"), library, unpacker)
    assert (taken.folders, taken.seen) == ({}, ("notes",))
    assert taken.missing(library.tasks[0]).endswith("; there is notes")


def test_a_broken_archive_is_refused(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    (tmp_path / "a.zip").write_bytes(b"no")

    with pytest.raises(Refused):
        take(Source.at(tmp_path / "a.zip", "a"), library, unpacker)


@pytest.mark.parametrize("target", ["elsewhere", "nowhere"])
def test_a_task_folder_that_is_a_link_is_a_submission_that_is_refused(
        tmp_path: Path, library: Library, unpacker: Unpacker,
        target: str) -> None:
    learner(tmp_path / "elsewhere")
    learner(tmp_path / "class" / "ben")
    (tmp_path / "class" / "ann").mkdir()
    (tmp_path / "class" / "ann" / FOLDER).symlink_to(
        tmp_path / target / FOLDER)

    ann, ben = find([tmp_path / "class"], KNOWN).found

    assert take(ben, library, unpacker).folders.keys() == {FOLDER}
    taken = take(ann, library, unpacker)
    assert (taken.name, taken.folders) == ("ann", {})
    assert "is a symbolic link that leads" in taken.refused[FOLDER]


def test_an_archive_is_read_as_the_folder_in_it(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    home = learner(tmp_path / "ann") / FOLDER
    (home / "lib").mkdir()
    (home / "lib" / "sums.py").write_text("")
    (home / "beyond").symlink_to("/etc")
    for number in range(2 * MAX_FILES):
        (home / f"page{number}.csv").write_text("a,b\n")
    (home.parent / "0x01-python_async_function").symlink_to("nowhere")
    archive = packed(tmp_path / "ann.tgz", tmp_path / "ann", "ann")

    folder = take(Source.at(tmp_path / "ann"), library, unpacker)
    inside = take(Source.at(archive), library, unpacker)

    assert inside.folders[FOLDER]["lib/sums.py"].refused is None
    assert inside.folders[FOLDER]["2-floor.py"].content
    assert inside == folder
    assert "0x01-python_async_function" in inside.refused
