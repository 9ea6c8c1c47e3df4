"""The numbered mains, run as a learner runs them: from a workspace."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.learner import workspace
from grader.library.library import Library, Task, load_library

TASKS = load_library().tasks
each_task = pytest.mark.parametrize("task", TASKS,
                                    ids=[task.id for task in TASKS])
BROKEN = "#!/usr/bin/env python3\ndef unfinished(:\n"


def run(folder: Path, main: str) -> subprocess.CompletedProcess[str]:
    """Run a main as ./main; the Python in use stands for python3."""
    return subprocess.run(
        [sys.executable, main], cwd=folder, text=True, capture_output=True,
        timeout=120, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})


@pytest.fixture(scope="module")
def blank(library: Library,
          tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace to copy from."""
    root = tmp_path_factory.mktemp("blank")
    workspace.start(root, library)
    return root


@pytest.fixture
def folder(blank: Path, tmp_path: Path, task: Task) -> Path:
    """Return a task's folder of a workspace; nothing is written in it."""
    return Path(shutil.copytree(blank / task.folder, tmp_path / task.folder))


def check_advice(done: subprocess.CompletedProcess[str], task: Task) -> None:
    said = done.stderr.strip().splitlines()
    assert done.returncode != 0
    assert len(said) == 1, done.stderr
    assert task.file in said[0] or Path(task.file).stem in said[0]
    assert "Traceback" not in done.stdout


@each_task
def test_a_missing_file_is_one_line_of_advice(folder: Path,
                                              task: Task) -> None:
    (folder / task.file).unlink()
    check_advice(run(folder, task.main), task)


@each_task
def test_a_broken_file_is_one_line_of_advice(folder: Path,
                                             task: Task) -> None:
    (folder / task.file).write_text(BROKEN)
    check_advice(run(folder, task.main), task)


@each_task
def test_a_blank_file_is_no_traceback(folder: Path, task: Task) -> None:
    done = run(folder, task.main)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 1, done.stderr
    if task.folder.startswith("0x03"):
        assert done.stderr.startswith("Write "), done.stdout


@each_task
def test_a_main_is_executable_and_knows_its_python(folder: Path,
                                                   task: Task) -> None:
    path = folder / task.main
    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!/usr/bin/env python3\n")


NEEDS = {"0x03/0": "parameterized", "0x03/8": "requests", "gen/0": "mysql",
         "gen/1": "mysql", "ctx/3": "aiosqlite"}


@pytest.mark.parametrize("name, package", NEEDS.items())
def test_a_package_that_is_missing_is_named_and_where_to_have_it(
        library: Library, made: Path, name: str, package: str) -> None:
    task, = library.select([name])
    folder = made / task.folder
    (folder / task.file).write_text(f"import {package}\n")

    # Without its site-packages a Python has what came with it.
    done = subprocess.run(
        [sys.executable, "-S", "-B", task.main], cwd=folder, text=True,
        capture_output=True, timeout=60)

    said, = done.stderr.strip().splitlines()
    assert package in said
    assert f"grade run {name}" in said
    assert "first" not in said


def test_grade_mysql_is_named_where_no_server_answers(
        library: Library, made: Path) -> None:
    for task in library.folder("python-generators-0x00").tasks:
        folder = made / task.folder
        (folder / task.file).write_text(
            "raise OSError(\"2003: Can't connect to MySQL server\")\n")
        said = run(folder, task.main).stderr
        assert said.strip().endswith("grade mysql starts one)"), said
