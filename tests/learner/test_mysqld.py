"""`grade mysql`: a real server for a learner, and nothing left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from grader import mariadb
from grader.cli import main
from grader.learner import datadir, mysqld, workspace
from grader.learner.mysqld import Running
from grader.library.library import Library, find_root, load_library
from tests.helpers import mariadb as mariadb_of_tests

FOLDER = "python-generators-0x00"
PATIENCE = 60.0
HOST = "127.0.0.1"


@pytest.fixture
def home() -> Iterator[Path]:
    """Return a folder that a server can use, whoever runs it."""
    with tempfile.TemporaryDirectory(prefix="grade-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture(scope="module")
def there() -> None:
    """Skip where no server can be run."""
    try:
        mariadb.find()
    except mariadb.MariaDBMissing as missing:
        pytest.skip(missing.what)


@contextmanager
def command(cwd: Path, *words: str) -> Iterator[subprocess.Popen[str]]:
    """Run grade mysql as in a terminal; what still runs is killed."""
    with subprocess.Popen(
            [sys.executable, "-m", "grader", "mysql", *words], cwd=cwd,
            text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,
            env=os.environ | {"PYTHONPATH": str(find_root())}) as process:
        try:
            yield process
        finally:
            process.kill()


def port_of(process: subprocess.Popen[str]) -> int:
    """Read the line that says how to connect; return the port in it."""
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith(f"Connect to {HOST}, port "), process.stderr
    assert "any user and password; Ctrl-C stops it." in line
    return int(line.split("port ")[1].split(",")[0])


def listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((HOST, port)) == 0


def assert_gone(port: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while listens(port):
        assert time.monotonic() < deadline, "the server still listens"
        time.sleep(0.05)


def ask(port: int, sql: str) -> list[Any]:
    driver: Any = pytest.importorskip("mysql.connector")
    with closing(driver.connect(host=HOST, port=port, user="any",
                                password="any")) as connection:
        cursor = connection.cursor()
        cursor.execute(sql)
        return list(cursor.fetchall()) if cursor.with_rows else []


def test_it_serves_until_ctrl_c_and_keeps_the_data(there: None,
                                                   home: Path) -> None:
    for sql in "CREATE DATABASE kept", "USE kept":
        with command(home, "--port", "0", "data") as process:
            port = port_of(process)
            assert ask(port, sql) == []
            os.killpg(process.pid, signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE)
            assert (process.returncode, err) == (0, "")
            assert out == "\nIt has stopped; the data stays in data.\n"
            assert not listens(port)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_no_other_signal_leaves_a_server(there: None, home: Path,
                                         number: int) -> None:
    with command(home, "--port", "0") as process:
        port = port_of(process)
        process.send_signal(number)
        assert process.wait(PATIENCE) == 128 + number
        assert not listens(port)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can")
def test_not_even_sigkill_leaves_a_server(there: None, home: Path) -> None:
    with command(home, "--port", "0") as process:
        port = port_of(process)
        process.kill()
        process.wait(PATIENCE)
        assert_gone(port)


def test_a_server_that_dies_is_told_with_its_reason(there: None,
                                                    home: Path) -> None:
    with command(home, "--port", "0", "data") as process:
        port_of(process)
        server = int((home / "data" / "server.pid").read_text())
        os.kill(server, signal.SIGKILL)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 2
        assert err.startswith("grade: the MariaDB server has ended: ")


@pytest.fixture(scope="module")
def running(there: None) -> Iterator[Running]:
    with mariadb_of_tests.running() as server:
        yield server


def test_only_this_machine_can_reach_it(running: Running) -> None:
    assert ask(running.port, "SELECT @@bind_address") == [(HOST,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_root_does_not_run_the_server(running: Running) -> None:
    assert Path(f"/proc/{running.process.pid}").stat().st_uid != 0


def test_a_second_server_on_the_folder_is_refused(
        running: Running, capsys: pytest.CaptureFixture[str]) -> None:
    folder, = ask(running.port, "SELECT @@datadir")
    assert refused(capsys, str(Path(folder[0]))).endswith(
        f"a server runs on it already, process {running.process.pid}")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_a_folder_that_the_server_cannot_reach_is_named(
        there: None, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.chmod(0o700)
    assert refused(capsys, str(home / "data")).endswith(
        "who cannot get there")


def test_a_workspace_keeps_it_hidden_and_out_of_git(
        library: Library, home: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    root = home / "workspace"
    workspace.start(root, library)
    assert datadir.choose(root, load_library().names) == root / ".mysql"
    for inside in (root, root / FOLDER):
        monkeypatch.chdir(inside)
        assert datadir.choose(None, load_library().names).resolve() == (
            root / ".mysql")
    with datadir.open_datadir(root / ".mysql") as opened:
        assert "*" in (opened.path / ".gitignore").read_text().split()


# What is wrong, in two lines.

def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return what a call that cannot work says first."""
    assert main(["mysql", "--port", "0", *words]) == 2
    out, err = capsys.readouterr()
    what, todo = err.splitlines()
    assert out == "" and what.startswith("grade: ") and todo.strip()
    return what


def test_a_machine_without_the_program_is_told_what_to_install(
        home: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(mariadb, "_PLACES", ())
    monkeypatch.setenv("PATH", str(home))
    assert "no MariaDB server program is installed" in refused(capsys)


def test_a_program_of_another_make_is_no_mariadb(
        home: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    program = home / "mysqld"
    program.write_text("#!/bin/sh\necho mysqld  Ver 8.4.0 for Linux\n")
    program.chmod(0o755)
    monkeypatch.setattr(mariadb, "_PLACES", ())
    monkeypatch.setenv("PATH", str(home))
    assert "no MariaDB server program is installed" in refused(capsys)


def test_a_port_that_is_taken_is_named(
        there: None, home: Path,
        capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server((HOST, 0)) as other:
        port = other.getsockname()[1]
        assert f"port {port} on {HOST} is taken" in refused(
            capsys, "--port", str(port), str(home / "data"))
    assert not (home / "data").exists()


@pytest.mark.parametrize("word", ["x", "-1", "65536"])
def test_a_port_that_is_none_is_refused(
        word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert f"{word!r} is no port's number" in refused(
        capsys, "--port", word)


def test_a_folder_with_other_things_is_left_alone(
        there: None, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "letter.txt").write_text("dear")
    before = (home / "letter.txt").stat()
    assert "holds other things" in refused(capsys, str(home))
    assert (home / "letter.txt").stat() == before
    assert [path.name for path in home.iterdir()] == ["letter.txt"]


def test_a_file_is_no_folder(there: None, home: Path,
                             capsys: pytest.CaptureFixture[str]) -> None:
    (home / "data").write_text("")
    assert "it is a file" in refused(capsys, str(home / "data"))


def test_a_folder_that_cannot_be_made_is_named(
        there: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert "/proc/nowhere cannot hold a database: " in refused(
        capsys, "/proc/nowhere")


def test_a_log_that_names_an_error_is_quoted_without_its_date(
        tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    log.write_text("2026-01-01 10:00:00 0 [Note] Starting\n"
                   "2026-01-01 10:00:00 0 [ERROR] No space left\n"
                   "2026-01-01 10:00:00 0 [ERROR] Aborting\n")
    assert mysqld.MySQLFailed(log).what == (
        "the MariaDB server did not start: No space left")
