"""No module of a learner's is imported outside the wall, by any command."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from grader.library.library import load_library
from grader.report import kits
from tests.conftest import RIGHT_FLOOR
from tests.helpers.terminals import PseudoTerminal

GRADE = Path(sysconfig.get_path("scripts")) / "grade"
FOREIGN = Path(__file__).parents[1] / "foreign"
FOLDER = "0x00-python_variable_annotations"
# As a planted module does: says that it was imported, then is no good.
PLANTED = "open({marker!r}, 'a').write('{name}\\n'); raise SystemExit(99)\n"

COHORT = ["cohort", ".", "--out", "../out", "--task", "0x00/2"]
COMMANDS = {
    "check": ["check", "alice", "0x00/2"],
    "check here": ["check", "0x00/2"],
    "start": ["start", "workspace"],
    "list": ["list", "--all"],
    "show": ["show", "0x00/2"],
    "hint": ["hint", "0x00/2"],
    "export gradescope": ["export", "gradescope", "--output", "../kit.zip"],
    "export github": ["export", "github", "--package", "a/b", "--output",
                      "../grade.yml"],
    "doctor": ["doctor"],
    "completion": ["completion", "bash"],
    "help": ["--help"],
    "wrong call": ["chekc"],
}


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of submissions, with a module for every import.

    They lie in the folder itself and beside the task folder.
    """
    root = tmp_path_factory.mktemp("planted") / "submissions"
    folder = root / "alice" / FOLDER
    folder.mkdir(parents=True)
    names = (sys.stdlib_module_names | {*packages_distributions()}) - {
        "__init__"}
    for name in filter(str.isidentifier, names):
        text = PLANTED.format(marker=str(root.parent / "marker"), name=name)
        for place in root, root / "alice":
            (place / f"{name}.py").write_text(text)
    (folder / "2-floor.py").write_text(RIGHT_FLOOR)
    return root


@pytest.fixture
def planted(garden: Path) -> Iterator[Path]:
    """Return the folder of submissions; what a test adds is removed."""
    before = {*garden.iterdir(), garden}
    yield garden
    for path in {*garden.iterdir(), *garden.parent.iterdir()} - before:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def started(command: list[str], planted: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        command, cwd=planted, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=os.environ | {"PYTHONPATH": f".:{planted}/alice"})


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def imported(planted: Path) -> str:
    """Return the planted modules that were imported, a line each."""
    marker = planted.parent / "marker"
    return marker.read_text() if marker.exists() else ""


def test_what_is_planted_would_be_noticed(planted: Path) -> None:
    for place in planted, planted / "alice":
        subprocess.run([sys.executable, "-c", "import queue"], cwd=place)

    assert imported(planted).count("queue") == 2


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_command_imports_nothing_planted(
        words: list[str], planted: Path) -> None:
    output, _ = started([str(GRADE), *words], planted).communicate()

    assert imported(planted) == ""
    assert "the grader failed" not in output
    assert "Fatal Python error" not in output


def test_watch_and_mysql_import_nothing_planted(planted: Path) -> None:
    path = f".:{planted}/alice"
    with PseudoTerminal([str(GRADE), "watch", "alice", "0x00/2"], planted,
                        PYTHONPATH=path) as terminal:
        terminal.expect("2-floor.py")
    if shutil.which("mariadbd"):
        # Where root's server, which is another user's, can get to as well.
        with tempfile.TemporaryDirectory(prefix="grade-") as data:
            Path(data).chmod(0o755)
            with PseudoTerminal([str(GRADE), "mysql", f"{data}/data",
                                 "--port", free_port()], planted,
                                PYTHONPATH=path) as terminal:
                terminal.expect("Connect to")
                terminal.process.send_signal(signal.SIGINT)
                terminal.leave()

    assert imported(planted) == ""


@pytest.mark.skipif(sys.platform == "win32", reason="it has no sh")
@pytest.mark.parametrize("words, first, last", [
    (["check", "alice", "0x00/2"], "script", "module"),
    (["doctor"], "script", "module"), (COHORT, "module", "script")],
    ids=["check", "doctor", "cohort"])
def test_no_program_of_the_current_folder_is_started(
        words: list[str], first: str, last: str, planted: Path,
        tmp_path: Path) -> None:
    """Let the folder come first in PATH and last, by two ways to start."""
    marker = planted.parent / "marker"
    for name in ("bwrap", "python3", "readlink", "mariadbd", "mysqld", "git",
                 "sh", "env"):
        program = planted / name
        program.write_text(f"#!/bin/sh\necho {name} >> {marker}\n")
        program.chmod(0o755)
    link = tmp_path / "a link"
    link.symlink_to(GRADE)
    ways = {"script": [str(link)],
            "module": [sys.executable, "-P", "-m", "grader"]}
    for way, path in ((first, f".:{os.environ['PATH']}"),
                      (last, f":{os.environ['PATH']}::")):
        subprocess.run([*ways[way], *words], cwd=planted, check=False,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       env=os.environ | {"PATH": path})

    assert imported(planted) == ""


def test_lint_imports_nothing_planted(planted: Path) -> None:
    output, _ = started([str(GRADE), "lint", "--library", str(FOREIGN)],
                        planted).communicate()

    # It has run suites, mains and the tools.
    assert "the library is sound" in output
    assert imported(planted) == ""


def test_a_cohort_grades_what_lies_beside_planted_modules(
        planted: Path) -> None:
    output, _ = started([str(GRADE), *COHORT, "--jobs", "2"],
                        planted).communicate()

    assert imported(planted) == ""
    assert "the grader failed" not in output
    assert "Fatal Python error" not in output
    rows = (planted.parent / "out" / "grades.csv").read_text()
    assert "alice,10," in rows or "alice,8," in rows


def test_the_autograder_of_gradescope_imports_nothing_planted(
        planted: Path, tmp_path: Path) -> None:
    root = tmp_path / "autograder"
    kits.gradescope(load_library(), tmp_path / "kit.zip", ["0x00/2"])
    shutil.unpack_archive(tmp_path / "kit.zip", root / "source")
    shutil.copytree(planted / "alice", root / "submission")
    process = subprocess.run(
        ["bash", root / "source" / "run_autograder"], cwd=planted,
        capture_output=True, text=True, env=os.environ | {
            "AUTOGRADER": str(root), "PYTHONPATH": f".:{planted}/alice",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"})

    assert (process.returncode, imported(planted)) == (0, "")
    assert (root / "results" / "results.json").exists()


def test_the_steps_of_a_workflow_start_no_python_in_the_checkout() -> None:
    for service in ("github", "gitlab"):
        workflow = kits.configured(service, "x", [])

        assert "python -m" not in workflow
        assert "/grade" in workflow
