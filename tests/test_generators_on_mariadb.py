"""The generators folder on a real server, with the real drivers.

Skipped where the server program or the driver is not installed.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.kit.mysql_world import SETTING
from grader.learner.mariadb import MySQLMissing, find
from grader.learner.mysql import Running, start
from grader.library import Task, find_root, load_library
from grader.lint import console

FOLDER = load_library().folder("python-generators-0x00")
SECONDS = 120


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    if importlib.util.find_spec("mysql") is None:
        pytest.skip("mysql-connector-python is not installed")
    try:
        find()
    except MySQLMissing as missing:
        pytest.skip(missing.what)
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        # The server may run as another user, who must get there.
        Path(folder).chmod(0o755)
        with start(Path(folder) / "data") as running:
            yield running


def run(*arguments: str, **settings: str
        ) -> subprocess.CompletedProcess[str]:
    """Run Python in the task folder, with these environment variables."""
    return subprocess.run(
        [sys.executable, "-B", *arguments], cwd=FOLDER.path, text=True,
        capture_output=True, timeout=SECONDS,
        env=os.environ | {"PYTHONPATH": str(find_root())} | settings)


@pytest.mark.parametrize("task", FOLDER.tasks, ids=lambda task: task.file)
def test_the_suite_passes_its_model_there(server: Running,
                                          task: Task) -> None:
    done = run("-m", "unittest", f"checks/{task.suite}",
               **{SETTING: f"{server.host}:{server.port}"})
    assert done.returncode == 0, done.stderr


def test_the_mains_print_what_the_statements_show(server: Running) -> None:
    # In order: the first one writes what the others read.
    clean = run("-c", "from grader.kit import mysql_world, workspace\n"
                "from pathlib import Path\n"
                "world = mysql_world.world(Path('/nowhere'))\n"
                "with world.served(): world.hold(None)",
                **{SETTING: f"{server.host}:{server.port}"})
    assert clean.returncode == 0, clean.stderr
    for task in FOLDER.tasks:
        shown = console(FOLDER, task)
        assert shown is not None
        done = run(task.main, MYSQL_HOST=server.host,
                   MYSQL_PORT=str(server.port))
        assert done.stdout == shown.partition("\n")[2], done.stderr


def test_a_second_seed_changes_nothing(server: Running) -> None:
    settings = {"MYSQL_HOST": server.host, "MYSQL_PORT": str(server.port)}
    first, second = (run("0-main.py", **settings) for _ in range(2))
    assert first.stdout == second.stdout != ""


@pytest.mark.parametrize("task", FOLDER.tasks, ids=lambda task: task.file)
def test_no_server_is_told_in_one_line(server: Running, task: Task) -> None:
    # Nothing listens on port 1.
    done = run(task.main, MYSQL_HOST="127.0.0.1", MYSQL_PORT="1")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"{task.file}: MySQL at 127.0.0.1:1")
