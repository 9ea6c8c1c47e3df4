"""Folders of submissions are known by their subject, whatever their number."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.cli import main
from grader.cohort import crew
from grader.cohort.archives import Unpacker
from grader.cohort.sources import Source, find
from grader.cohort.taking import take
from grader.errors import UserError
from grader.learner import reset, running, workspace
from grader.library.foldernames import FolderNames
from grader.library.library import Library, load_library
from grader.library.locate import locate
from grader.submission.submission import collect
from tests.conftest import RIGHT_FLOOR
from tests.helpers.herecrew import HereCrew
from tests.helpers.packing import Zipped, made_zip

pytestmark = pytest.mark.usefixtures("kept_walls")
KNOWN = load_library().names
FIRST = "0x00-python_variable_annotations"
CONTEXT = "python-context-async-perations-0x02"


@pytest.mark.parametrize("name, meant", [
    (FIRST, FIRST),
    ("python_variable_annotations", FIRST),
    ("0x00_Python-Variable-Annotations", FIRST),
    ("07. python variable annotations", FIRST),
    ("0x00-python_variable_annotations (1)", FIRST),
    ("alx-python_variable_annotations", FIRST),
    ("0x09-Unittests_and_integration_tests",
     "0x03-Unittests_and_integration_tests"),
    ("0x03-unittests_and_integration_tests-2",
     "0x03-Unittests_and_integration_tests"),
    ("python-generators", "python-generators-0x00"),
    ("python_decorators-0x05", "python-decorators-0x01"),
    (CONTEXT, CONTEXT),
    ("python-context-async-operations-0x02", CONTEXT),
    ("python_context_async_operations", CONTEXT),
    ("0x00", None), ("00", None), ("", None), ("python", None),
    ("variable_annotations", None), ("python_variable_annotation", None),
    (".python_variable_annotations", None),
    ("python_variable_annotations_old", None),
    ("mypython_variable_annotations", None),
])
def test_a_name_means_the_folder_of_its_subject(name: str,
                                                meant: str | None) -> None:
    assert KNOWN.folder(name) == meant


def test_numbers_count_where_subjects_are_alike() -> None:
    names = FolderNames({"week-1": (), "week-2": ("second",), "07": ()})

    assert names.folder("Week_2") == "week-2"
    assert names.folder("my_second") == "week-2"
    assert names.folder("07") == "07"
    assert [names.folder(each) for each in ("week", "week-3", "08")] == [
        None, None, None]


def test_the_longest_subject_counts_at_the_end_of_a_name() -> None:
    names = FolderNames({"tests": (), "unit_tests": ()})

    assert names.folder("my_unit_tests") == "unit_tests"
    assert names.folder("load_tests") == "tests"


def test_the_exact_name_goes_first_and_then_the_nearest() -> None:
    others = ["a_python_variable_annotations", "python_variable_annotations",
              "0X00-Python_variable_annotations"]

    assert KNOWN.fitting([*others, FIRST, "notes"]) == {
        FIRST: [FIRST, *reversed(others)]}


def placed(root: Path, folder: str) -> Path:
    (root / folder).mkdir(parents=True)
    (root / folder / "2-floor.py").write_text(RIGHT_FLOOR)
    (root / folder / "2-floor.py").chmod(0o755)
    return root


def test_reports_have_the_name_of_the_library_and_the_one_found(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    placed(tmp_path, "python_variable_annotations")

    assert main(["check", str(tmp_path), "0x00/2", "--format", "json"]) == 0
    task, = json.loads(capsys.readouterr().out)["tasks"]
    assert (task["folder"], task["found"]) == (
        FIRST, "python_variable_annotations")

    (tmp_path / "my_python_variable_annotations").mkdir()
    assert main(["check", str(tmp_path), "0x00/2"]) == 0
    assert ("  taken from python_variable_annotations; left alone:\n"
            "  my_python_variable_annotations\n") in capsys.readouterr().out


def test_a_folder_stands_for_itself_by_any_of_its_names(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = placed(tmp_path / "alx", "python_variable_annotations")
    here = root / "python_variable_annotations"

    assert locate(here / "2-floor.py", [], KNOWN) == (
        root, ["python_variable_annotations/2-floor.py"])
    monkeypatch.chdir(here)
    assert locate(Path(), ["2"], KNOWN) == (
        root, ["python_variable_annotations/2"])
    assert main(["check", "2"]) == 0


def test_a_repository_may_be_called_like_a_folder(
        tmp_path: Path, library: Library) -> None:
    root = placed(tmp_path / "alx_python_variable_annotations", FIRST)

    assert collect(root, library).name == root.name
    source, = find([root], KNOWN).found
    assert source.name == root.name
    assert [each.name for each in find([tmp_path], KNOWN).found] == [
        root.name]


def test_archives_and_cohorts_know_the_same_names(
        tmp_path: Path, library: Library, unpacker: Unpacker) -> None:
    (tmp_path / "class").mkdir()
    placed(tmp_path / "class" / "ann", "x/0x09-python_variable_annotations")
    (tmp_path / "class" / "bob.zip").write_bytes(made_zip(Zipped(
        name=b"y/python-variable-annotations/2-floor.py",
        content=RIGHT_FLOOR.encode())))

    for source in find([tmp_path / "class"], KNOWN).found:
        taken = take(source, library, unpacker)
        assert [*taken.folders[FIRST]] == ["2-floor.py"]
        assert taken.found[FIRST] != FIRST

    home = tmp_path / "class" / "bob.zip"
    home.write_bytes(made_zip(Zipped(
        name=b"../python-variable-annotations/2-floor.py")))
    with pytest.raises(UserError, match="holds a path that leaves it"):
        take(Source.at(home), library, unpacker)


def test_what_works_on_a_file_finds_it_by_any_name(
        tmp_path: Path, library: Library) -> None:
    root = placed(tmp_path, "python_variable_annotations")
    task, = library.select(["0x00/2"])
    file = root / "python_variable_annotations" / task.file
    (file.parent / task.main).touch()

    assert running.command(root, [task], KNOWN)[1] == file.parent
    reset.reset(root, library, task)
    assert file.read_text() == task.starter
    assert collect(root, library).place(task) == str(file.relative_to(root))


def test_a_workspace_is_completed_in_the_folders_that_are_there(
        tmp_path: Path, library: Library) -> None:
    placed(tmp_path, "python_variable_annotations")
    workspace.start(tmp_path, library)

    assert not (tmp_path / FIRST).exists()
    assert (tmp_path / "python_variable_annotations" / "README.md").is_file()


def test_folders_that_are_not_there_are_named_and_counted_both_ways(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    placed(tmp_path, FIRST)

    assert main(["check", str(tmp_path), "0x00/2", "0x01", "0x02/0"]) == 1
    out = capsys.readouterr().out
    assert "\nnot there: 0x01, 0x02\n1 of 7 tasks pass, 10 of 70 points" in out
    assert ("\nof the folders that are there 1 of 1 tasks pass, "
            "10 of 10 points\n") in out


def test_present_leaves_out_the_folders_that_are_not_there(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    placed(tmp_path, FIRST)
    words = ["check", str(tmp_path), "--present"]

    assert main([*words, "0x00/2", "0x01"]) == 0
    out = capsys.readouterr().out
    assert "not there" not in out and "1 of 1 tasks pass, 10 of 10" in out
    assert main([*words, "0x01"]) == 2
    assert ("none of the folders asked for is there"
            in capsys.readouterr().err)


def test_a_cohort_counts_the_folders_that_each_has(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crew, "LocalCrew", HereCrew)
    placed(tmp_path / "class" / "ann", FIRST)
    placed(tmp_path / "class" / "ben", FIRST)
    (tmp_path / "class" / "ben" / "0x01-python_async_function").mkdir()
    (tmp_path / "class" / "cyd" / "notes").mkdir(parents=True)
    words = ["cohort", str(tmp_path / "class"), "--out",
             str(tmp_path / "out"), "--task", "0x00/2", "--task", "0x01/0"]

    for present, rows in (
            ((), ["ann,10,20,0,10", "ben,10,20,0,10", "cyd,0,20,0,0"]),
            (("--present",), ["ann,10,10,,10", "ben,10,20,0,10",
                              "cyd,0,20,0,0"])):
        assert main([*words, *present]) == 0
        table = (tmp_path / "out" / "grades.csv").read_text().split()
        assert [",".join([name, score, most, later, first])
                for name, score, most, first, later in (
                    row.split(",") for row in table[-3:])] == rows
