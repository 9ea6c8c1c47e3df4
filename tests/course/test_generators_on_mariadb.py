"""The generators folder on a real server, with the real drivers.

Skipped where the server program or the driver is not installed.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from alx.prodev_server import SETTING
from grader.learner.mysqld import Running
from grader.library.library import Task, find_root, load_library
from grader.lint.statements import console
from tests.helpers import mariadb
from tests.helpers.forks import Forks

FOLDER = load_library().folder("python-generators-0x00")
SECONDS = 120


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    # All of them import this driver.
    with Forks("mysql.connector", "sqlite3") as forks:
        yield forks


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    if importlib.util.find_spec("mysql") is None:
        pytest.skip("mysql-connector-python is not installed")
    with mariadb.running() as server:
        yield server


def run(*arguments: str, cwd: Path = FOLDER.path,
        env: Mapping[str, str] = MappingProxyType({})
        ) -> subprocess.CompletedProcess[str]:
    """Run Python in a task folder, with these environment variables."""
    return subprocess.run(
        [sys.executable, "-B", *arguments], cwd=cwd, text=True,
        capture_output=True, timeout=SECONDS,
        env={**os.environ, "PYTHONPATH": str(find_root()), **env})


def at(server: Running) -> dict[str, str]:
    """Return the settings that lead the models to a server."""
    return {"MYSQL_HOST": server.host, "MYSQL_PORT": str(server.port)}


@pytest.fixture
def clean(server: Running) -> Running:
    """Return the server with nothing on it."""
    ask(server, "DROP DATABASE IF EXISTS ALX_prodev")
    return server


def ask(server: Running, sql: str, database: str = "") -> list[Any]:
    driver: Any = importlib.import_module("mysql.connector")
    with closing(driver.connect(host=server.host, port=server.port,
                                user="any", database=database)) as found:
        cursor = found.cursor()
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.with_rows else []


def assert_one_line(done: subprocess.CompletedProcess[str], file: str,
                    *texts: str) -> None:
    assert done.returncode == 1, done.stdout
    assert done.stderr.count("\n") == 1, done.stderr
    assert done.stderr.startswith(f"{file}: "), done.stderr
    assert all(text in done.stderr for text in texts), done.stderr


def test_the_suites_pass_their_models_there(server: Running) -> None:
    done = run("-m", "unittest",
               *(f"checks/{task.suite}" for task in FOLDER.tasks),
               env={SETTING: f"{server.host}:{server.port}"})
    assert done.returncode == 0, done.stderr


def test_the_mains_print_what_the_statements_show(
        forks: Forks, clean: Running) -> None:
    # In order: the first one writes what the others read.
    for task in FOLDER.tasks:
        shown = console(FOLDER, task)
        assert shown is not None
        done = forks.run(FOLDER.path, task.main, at(clean))
        assert done.stdout == shown.partition("\n")[2], done.stderr


def test_a_second_seed_changes_nothing(forks: Forks,
                                       server: Running) -> None:
    first, second = (forks.run(FOLDER.path, "0-main.py", at(server))
                     for _ in range(2))
    assert first.stdout == second.stdout != ""


# What is wrong is told in one line.

each_task = pytest.mark.parametrize("task", FOLDER.tasks,
                                    ids=lambda task: task.file)
READERS = [task for task in FOLDER.tasks if task.file != "seed.py"]
each_reader = pytest.mark.parametrize("task", READERS,
                                      ids=lambda task: task.file)
SCRIPTS = ("seed.py", "4-stream_ages.py")


@each_task
def test_no_server(forks: Forks, server: Running, task: Task) -> None:
    # Nothing listens on port 1.
    nowhere = {"MYSQL_HOST": "127.0.0.1", "MYSQL_PORT": "1"}
    for program in {task.main, task.file} & {task.main, *SCRIPTS}:
        done = forks.run(FOLDER.path, program, nowhere)
        assert_one_line(done, task.file, "127.0.0.1:1", "grade mysql")


@each_task
def test_a_host_that_nobody_knows(forks: Forks, server: Running,
                                  task: Task) -> None:
    done = forks.run(FOLDER.path, task.main,
                     {"MYSQL_HOST": "nowhere.invalid"})
    assert_one_line(done, task.file, "nowhere.invalid", "grade mysql")


@pytest.fixture(scope="module")
def refusing() -> Iterator[dict[str, str]]:
    """Serve nobody: every account is wrong."""
    text = b"\xff" + (1045).to_bytes(2, "little") + b"#28000" + (
        b"Access denied for user 'me'@'localhost' (using password: YES)")

    class Refuse(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(len(text).to_bytes(3, "little") + b"\0"
                                 + text)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Refuse) as one:
        # It looks that often, in seconds, whether it is to stop.
        threading.Thread(target=one.serve_forever, args=[0.01],
                         daemon=True).start()
        yield {"MYSQL_HOST": "127.0.0.1", "MYSQL_USER": "me",
               "MYSQL_PASSWORD": "wrong",
               "MYSQL_PORT": str(one.server_address[1])}
        one.shutdown()


@each_task
def test_wrong_credentials(forks: Forks, server: Running,
                           refusing: dict[str, str], task: Task) -> None:
    for program in {task.main, task.file} & {task.main, *SCRIPTS}:
        done = forks.run(FOLDER.path, program, refusing)
        assert_one_line(done, task.file, "Access denied for user 'me'")


@each_task
def test_no_driver(task: Task) -> None:
    # -S leaves out what is installed besides Python itself.
    done = run("-S", task.main)
    assert_one_line(done, task.file, "No module named 'mysql'",
                    f"grade run gen/{task.number}")


@each_reader
def test_no_database(forks: Forks, clean: Running, task: Task) -> None:
    for program in {task.main, task.file} & {task.main, *SCRIPTS}:
        done = forks.run(FOLDER.path, program, at(clean))
        assert_one_line(done, task.file, "Unknown database 'ALX_prodev'",
                        "" if task.number == 4 else "0-main.py")


@each_reader
def test_no_table(forks: Forks, clean: Running, task: Task) -> None:
    ask(clean, "CREATE DATABASE ALX_prodev")
    for program in {task.main, task.file} & {task.main, *SCRIPTS}:
        done = forks.run(FOLDER.path, program, at(clean))
        assert_one_line(done, task.file, "user_data' doesn't exist")


def test_no_users(forks: Forks, clean: Running) -> None:
    done = run("-c", "import seed\nwith seed.connect_db() as one: "
               "seed.create_database(one)\nwith seed.connect_to_prodev() "
               "as one: seed.create_table(one)", env=at(clean))
    assert done.returncode == 0, done.stderr
    assert forks.run(FOLDER.path, "1-main.py", at(clean)).stdout == ""
    assert forks.run(FOLDER.path, "2-main.py", at(clean)).stdout == "0 lines\n"
    assert forks.run(FOLDER.path, "3-main.py", at(clean)).stdout == ""
    for program in ("4-main.py", "4-stream_ages.py"):
        assert_one_line(forks.run(FOLDER.path, program, at(clean)),
                        "4-stream_ages.py", "there are no users")


HEADER = b'"name","email","age"\n'
GOOD = b"".join(b'"Ann","ann%d@example.com","30"\n' % n for n in range(1200))
LONG = b'"Bob","%s","30"\n' % (b"b" * 300)


@pytest.mark.parametrize(("content", "problem"), [
    (b"", "line 1: there is no column 'name'"),
    (HEADER.replace(b"email", b"mail") + GOOD, "no column 'email'"),
    (HEADER, "there are no users in it"),
    (HEADER + GOOD + b'"Bob","bob@example.com"\n', "line 1202: the row is"),
    (HEADER + GOOD + b'"Bob","bob@example.com","old"\n',
     "line 1202: 'old' is not an age"),
    # Only the server knows that this does not fit.
    (HEADER + GOOD + LONG, "Data too long for column 'email'"),
    (None, "No such file"),
], ids=["empty", "no column", "no row", "short row", "no age", "long",
        "no file"])
def test_a_bad_csv_leaves_no_row(forks: Forks, clean: Running,
                                 tmp_path: Path, content: bytes | None,
                                 problem: str) -> None:
    for name in ("seed.py", "0-main.py", "main_errors.py"):
        shutil.copy(FOLDER.path / name, tmp_path)
    if content is not None:
        (tmp_path / "user_data.csv").write_bytes(content)
    for program in ("0-main.py", "seed.py"):
        done = forks.run(tmp_path, program, at(clean))
        assert_one_line(done, "seed.py", problem)
        assert ask(clean, "SELECT COUNT(*) FROM user_data",
                   "ALX_prodev") == [(0,)]
