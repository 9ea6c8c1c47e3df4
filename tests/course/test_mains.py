"""The numbered mains, run as a learner runs them: from a workspace."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.learner import workspace
from grader.library.library import Library, Task, load_library
from tests.helpers.forks import Forks

LIBRARY = load_library()
TASKS = LIBRARY.tasks
each_task = pytest.mark.parametrize("task", TASKS,
                                    ids=[task.id for task in TASKS])
MYSQL = [task for task in TASKS if task.folder == "python-generators-0x00"]
BROKEN = "#!/usr/bin/env python3\ndef unfinished(:\n"


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with Forks("asyncio", "unittest", "sqlite3") as forks:
        yield forks


@pytest.fixture(scope="module")
def blank(library: Library,
          tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace; nothing is written in it."""
    root = tmp_path_factory.mktemp("blank")
    workspace.start(root, library)
    return root


@pytest.fixture
def file(blank: Path, task: Task) -> Iterator[Path]:
    """Return the file of a task, which a test may change."""
    file = blank / task.folder / task.file
    before = file.read_bytes()
    yield file
    file.write_bytes(before)


def check_advice(done: subprocess.CompletedProcess[str], task: Task) -> None:
    said = done.stderr.strip().splitlines()
    assert done.returncode != 0
    assert len(said) == 1, done.stderr
    assert task.file in said[0] or Path(task.file).stem in said[0]
    assert "Traceback" not in done.stdout


@each_task
def test_a_missing_file_is_one_line_of_advice(forks: Forks, file: Path,
                                              task: Task) -> None:
    file.unlink()
    check_advice(forks.run(file.parent, task.main), task)


@each_task
def test_a_broken_file_is_one_line_of_advice(forks: Forks, file: Path,
                                             task: Task) -> None:
    file.write_text(BROKEN)
    check_advice(forks.run(file.parent, task.main), task)


@each_task
def test_a_blank_file_is_no_traceback(forks: Forks, blank: Path,
                                      task: Task) -> None:
    done = forks.run(blank / task.folder, task.main)
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) <= 1, done.stderr
    if task.folder.startswith("0x03"):
        assert done.stderr.startswith("Write "), done.stdout


def test_a_main_that_is_started_does_the_same(blank: Path) -> None:
    for task in TASKS[0], TASKS[-1]:
        done = subprocess.run(
            [sys.executable, "-B", task.main], cwd=blank / task.folder,
            text=True, capture_output=True, stdin=subprocess.DEVNULL)
        with Forks() as forks:
            forked = forks.run(blank / task.folder, task.main)
        assert (forked.returncode, forked.stdout, forked.stderr) == (
            done.returncode, done.stdout, done.stderr)


@each_task
def test_a_main_is_executable_and_knows_its_python(blank: Path,
                                                   task: Task) -> None:
    path = blank / task.folder / task.main
    assert os.access(path, os.X_OK)
    assert path.read_text().startswith("#!/usr/bin/env python3\n")


NEEDS = {"0x03/0": "parameterized", "0x03/8": "requests", "gen/0": "mysql",
         "gen/1": "mysql", "ctx/3": "aiosqlite"}


@pytest.mark.parametrize("task, package", [
    (task, package) for name, package in NEEDS.items()
    for task in LIBRARY.select([name])], ids=NEEDS)
def test_a_package_that_is_missing_is_named_and_where_to_have_it(
        file: Path, task: Task, package: str) -> None:
    file.write_text(f"import {package}\n")

    # Without its site-packages a Python has what came with it.
    done = subprocess.run(
        [sys.executable, "-S", "-B", task.main], cwd=file.parent, text=True,
        capture_output=True, timeout=60)

    said, = done.stderr.strip().splitlines()
    assert package in said
    assert f"grade run {task.short}" in said
    assert "first" not in said


@pytest.mark.parametrize("task", MYSQL, ids=lambda task: task.file)
def test_grade_mysql_is_named_where_no_server_answers(
        forks: Forks, file: Path, task: Task) -> None:
    file.write_text("raise OSError(\"2003: Can't connect to MySQL server\")\n")

    said = forks.run(file.parent, task.main).stderr
    assert said.strip().endswith("grade mysql starts one)"), said
