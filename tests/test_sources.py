"""What counts as a submission, and what it is called."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from grader.cohort.archives import Refused, Unpacker
from grader.cohort.sources import Source, find, take
from grader.errors import UserError
from grader.library import Library
from tests.conftest import RIGHT_FLOOR

FOLDER = "0x00-python_variable_annotations"


def learner(path: Path, source: str = RIGHT_FLOOR) -> Path:
    (path / FOLDER).mkdir(parents=True)
    (path / FOLDER / "2-floor.py").write_text(source)
    return path


def packed(path: Path, home: Path, within: str) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        archive.add(home, within)
    return path


def names(*paths: Path) -> list[str]:
    return [source.name for source in find(paths).found]


def test_each_subfolder_that_holds_task_folders_is_one(
        tmp_path: Path) -> None:
    learner(tmp_path / "bob")
    learner(tmp_path / "ada" / "repository")
    learner(tmp_path / ".hidden")
    (tmp_path / "notes").mkdir()
    sources = find([tmp_path])

    assert [each.name for each in sources.found] == ["ada", "bob"]
    assert sources.found[0].path == tmp_path / "ada" / "repository"
    assert [path.name for path in sources.passed_over] == ["notes"]


def test_a_submission_itself_is_one(tmp_path: Path) -> None:
    learner(tmp_path / "ada")

    assert names(tmp_path / "ada") == ["ada"]
    assert names(tmp_path / "ada" / FOLDER) == ["ada"]


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
        find([tmp_path / "list.txt"])


def test_equal_names_are_told_apart(tmp_path: Path) -> None:
    learner(tmp_path / "a" / "ada")
    learner(tmp_path / "b" / "ada")

    assert names(tmp_path / "a", tmp_path / "b") == ["ada", "ada (2)"]


def test_nothing_to_grade_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no submission"):
        find([tmp_path])
    with pytest.raises(UserError, match="is not there"):
        find([tmp_path / "missing"])


def test_an_archive_reads_like_its_folder(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    home = learner(tmp_path / "ada")
    archive = packed(tmp_path / "ada.tar.gz", home, "ada-main")
    plain = take(Source(name="ada", path=home), library, unpacker)

    assert take(Source(name="ada", path=archive), library, unpacker) == plain


def test_an_archive_without_task_folders_is_an_empty_submission(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    (tmp_path / "notes").mkdir()
    archive = packed(tmp_path / "a.tgz", tmp_path / "notes", "notes")

    taken = take(Source(name="a", path=archive), library, unpacker)
    assert taken.folders == {}


def test_a_broken_archive_is_refused(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    (tmp_path / "a.zip").write_bytes(b"no")

    with pytest.raises(Refused):
        take(Source(name="a", path=tmp_path / "a.zip"), library, unpacker)
