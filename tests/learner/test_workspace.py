"""`grade start`: what a blank workspace holds, and what it leaves alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from grader.errors import UserError
from grader.learner import workspace
from grader.library.library import ANSWERS, MANIFEST, Library

NAME = "0x00-python_variable_annotations"


@pytest.fixture
def made(library: Library, tmp_path: Path) -> Path:
    workspace.start(tmp_path / "new", library)
    return tmp_path / "new"


def test_every_task_has_its_starter_and_its_main(library: Library,
                                                 made: Path) -> None:
    for task in library.tasks:
        folder = made / task.folder
        assert (folder / task.file).read_text() == task.starter
        if (library.root / task.folder / task.main).is_file():
            assert (folder / task.main).is_file()


def test_no_answer_suite_hint_or_prop_travels(library: Library,
                                              made: Path) -> None:
    files = [path for path in made.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    text = "".join(path.read_text() for path in files)

    assert not {MANIFEST, ANSWERS} & names
    assert not any(path.name == "checks" for path in made.rglob("*"))
    for folder in library.folders:
        # A prop may be a task's own file, which is there as a starter.
        tasks = {task.file for task in folder.tasks}
        assert not (set(folder.props) - set(folder.given) - tasks) & names
        for task in folder.tasks:
            model = (folder.path / task.file).read_text()
            assert model not in text
            assert not any(hint in text for hint in task.hints)


def test_scripts_are_executable(made: Path) -> None:
    for path in made.rglob("*.py"):
        assert os.access(path, os.X_OK) == path.read_text().startswith("#!")


def test_a_second_start_adds_only_what_is_missing(library: Library,
                                                  made: Path) -> None:
    mine = made / NAME / "2-floor.py"
    mine.write_text("mine")
    (made / NAME / "2-main.py").unlink()

    written = workspace.start(made, library)

    assert written.added == (f"{NAME}/2-main.py",)
    assert mine.read_text() == "mine"
    assert f"{NAME}/2-floor.py" in written.kept


def test_a_git_repository_may_become_a_workspace(library: Library,
                                                 tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert workspace.start(tmp_path, library).added


def test_no_workspace_is_made_in_another(made: Path,
                                         library: Library) -> None:
    for place in ("exercises", library.folders[0].name):
        with pytest.raises(UserError, match="is in the workspace"):
            workspace.start(made / place, library)
    assert workspace.start(made, library).added == ()


def test_other_places_are_refused(library: Library, tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("")
    for place in (tmp_path, tmp_path / "thesis.txt", library.root,
                  library.root / NAME, tmp_path / "thesis.txt" / "new"):
        with pytest.raises(UserError):
            workspace.start(place, library)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]
