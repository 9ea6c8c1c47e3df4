"""The library is sound, and lint would tell if it were not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.behaviour.checks import Check
from grader.behaviour.doubt import Doubt
from grader.behaviour.edits import Edit, Kind
from grader.behaviour.twins import Shown, Spoil
from grader.finding import Finding
from grader.library import Folder, Library, Task, load_folder
from grader.lint import Rule, anatomy, problems, soundness, statements


def test_the_library_is_sound(library: Library) -> None:
    assert problems(library) == []


@pytest.fixture
def copy(library: Library, tmp_path: Path) -> Path:
    """Return a copy of one folder to spoil."""
    source = library.folders[0].path
    return Path(shutil.copytree(
        source, tmp_path / source.name,
        ignore=shutil.ignore_patterns("__pycache__")))


def found(rule: Rule, path: Path) -> str:
    folder: Folder = load_folder(path)
    return "\n".join(rule(folder))


def test_a_missing_model_is_told(copy: Path) -> None:
    (copy / "0-add.py").unlink()

    assert "0-add.py" in found(anatomy.every_file_is_there, copy)


def test_an_undeclared_file_is_told(copy: Path) -> None:
    (copy / "notes.txt").write_text("")
    (copy / "checks" / "test_x.py").write_text("")

    said = found(anatomy.no_file_is_undeclared, copy)
    assert "notes.txt" in said
    assert "test_x.py" in said


def test_a_statement_without_its_heading_is_told(copy: Path) -> None:
    readme = copy / "README.md"
    readme.write_text(readme.read_text().replace("## 0. ", "## 55. "))

    assert "## 0. " in found(statements.statements_match, copy)


def test_a_single_hint_is_told(copy: Path) -> None:
    manifest = copy / "tasks.toml"
    text = manifest.read_text()
    start = text.index("hints = [")
    end = text.index("]", start)
    manifest.write_text(text[:start] + 'hints = ["One?"' + text[end:])

    assert "two hints" in found(anatomy.every_hint_says_something, copy)


def test_an_empty_suite_is_told(copy: Path) -> None:
    (copy / "checks" / "test_0_add.py").write_text('"""Nothing."""\n')

    assert "test_0_add.py" in found(anatomy.suites_hold_checks, copy)


def test_a_main_that_prints_something_else_is_told(copy: Path) -> None:
    (copy / "0-main.py").write_text("print('other')\n")

    assert "0-main.py" in found(statements.mains_print_what_is_shown, copy)


def test_a_file_that_cannot_be_run_is_told(copy: Path) -> None:
    (copy / "0-add.py").chmod(0o644)

    assert "0-add.py" in found(anatomy.scripts_are_executable, copy)


def test_tasks_of_two_files_together_are_told(copy: Path) -> None:
    manifest = copy / "tasks.toml"
    manifest.write_text(manifest.read_text().replace(
        "\nnumber = ", '\ntogether = "all"\nnumber = '))

    assert "task 1 is together with tasks of 0-add.py" in found(
        anatomy.tasks_together_share_a_file, copy)


def test_a_suite_that_cannot_be_read_is_told(copy: Path) -> None:
    (copy / "checks" / "test_0_add.py").write_text("def x(\n")

    assert "test_0_add.py, line 1: '(' was never closed" in found(
        anatomy.suites_hold_checks, copy)


def test_what_lacks_a_file_is_not_graded(copy: Path) -> None:
    (copy / "0-add.py").unlink()
    (copy / "checks" / "test_1_concat.py").unlink()
    (copy / "checks" / "test_2_floor.py").write_text("def x(\n")
    folder = load_folder(copy)

    assert [task.number for task in folder.tasks
            if anatomy.is_whole(folder, task)][:2] == [3, 4]


def test_a_check_that_passes_on_nothing_is_told(copy: Path) -> None:
    folder = load_folder(copy)
    failed = Check(finding=Finding(dimension="behaviour", check="x",
                                   cause="missing", message="m"))

    def checks(task: Task, content: bytes) -> dict[str, Check]:
        assert b"def" not in content
        return {"Add.test_a": failed, "Add.test_b": Check(finding=None)}

    said = list(soundness.idle_checks(folder, checks))
    assert len(said) == len(folder.tasks)
    assert said[0].startswith("0x00/0: Add.test_b passes on a file that")


ADD = "Add.test_adds_two_floats"


def doubts(path: Path, *spoils: Spoil, observing: str = "") -> str:
    """Return what is said of checks where only this is known."""
    folder = load_folder(path)
    known = Doubt(spoils=spoils, observing=frozenset([observing]))
    return "\n".join(soundness.doubtful_checks(folder, lambda task: known))


def spoil(telling: bool, check: str = ADD) -> Spoil:
    return Spoil(Edit(0, 1, "x", Kind.END), {
        check: Shown(at=None, is_telling=telling)})


def test_a_check_in_which_a_lie_would_pass_is_told(copy: Path) -> None:
    assert f"0x00/0: no twin can spoil {ADD}" in doubts(copy)


@pytest.mark.parametrize("telling", [True, False])
def test_a_check_that_twins_spoil_is_sound(copy: Path, telling: bool) -> None:
    assert ADD not in doubts(copy, spoil(telling))


def test_one_check_that_observes_excuses_no_other(copy: Path) -> None:
    said = doubts(copy, observing=ADD)

    assert ADD not in said
    assert "0x00/0: no twin can spoil Add.test_adds_zero" in said


def test_a_check_with_an_expectation_may_not_be_blind(copy: Path) -> None:
    manifest = copy / "tasks.toml"
    first, mark, rest = manifest.read_text().partition("[[task]]")
    task, second, others = rest.partition("[[task]]")
    manifest.write_text(f"{first}{mark}{task}[task.blind]\n\"{ADD}\" = \"no\""
                        f"\n\"Add.test_gone\" = \"no\"\n\n{second}{others}")

    said = doubts(copy)
    assert f"{ADD} is not blind" in said
    assert "there is no Add.test_gone" in said
