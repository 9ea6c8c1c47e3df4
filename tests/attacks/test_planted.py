"""No module or program of a learner's is taken outside the wall.

Any command may be called in a folder that has them.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from grader import executables
from grader.library.library import load_library
from grader.report import kits
from tests.conftest import RIGHT_FLOOR
from tests.helpers.terminals import PseudoTerminal

GRADE = Path(sysconfig.get_path("scripts")) / "grade"
FOLDER = "0x00-python_variable_annotations"
# As a planted module does: says that it was imported, then is no good.
PLANTED = "open({marker!r}, 'a').write('{name}\\n'); raise SystemExit(99)\n"

# As a planted program does: says that it was started, and does no more.
PROGRAM = "#!/bin/sh\necho {name} >> '{marker}'\n"
PROGRAMS = ("bwrap", "python3", "readlink", "mariadbd", "mysqld", "git", "sh",
            "env")

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
    "completion": ["completion", "bash"],
    "help": ["--help"],
    "wrong call": ["chekc"],
}


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of submissions, with a module for every import.

    They lie in the folder itself and beside the task folder. There is a
    program for each that the grader starts, too.
    """
    root = tmp_path_factory.mktemp("planted") / "submissions"
    folder = root / "alice" / FOLDER
    folder.mkdir(parents=True)
    names = (sys.stdlib_module_names | {*packages_distributions()}) - {
        "__init__"}
    marker = root.parent / "marker"
    for name in filter(str.isidentifier, names):
        text = PLANTED.format(marker=str(marker), name=name)
        for place in root, root / "alice":
            (place / f"{name}.py").write_text(text)
    for name in PROGRAMS:
        (root / name).write_text(PROGRAM.format(marker=marker, name=name))
        (root / name).chmod(0o755)
    (folder / "2-floor.py").write_text(RIGHT_FLOOR)
    # The script asks readlink where a link leads to.
    (root.parent / "a link").symlink_to(GRADE)
    return root


@pytest.fixture
def planted(garden: Path) -> Iterator[Path]:
    """Return the folder of submissions; what a test adds is removed."""
    before = {*garden.iterdir(), *garden.parent.iterdir()}
    yield garden
    for path in {*garden.iterdir(), *garden.parent.iterdir()} - before:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def environment(planted: Path, path: str = "") -> dict[str, str]:
    """Return variables that lead to what is planted, first and last."""
    return os.environ | {
        "PYTHONPATH": f".:{planted}/alice",
        "PATH": path or f".:{os.environ['PATH']}::"}


def said(command: Sequence[str], planted: Path, path: str = "") -> str:
    """Return what a command prints among the submissions."""
    return subprocess.run(
        command, cwd=planted, text=True, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment(planted, path)).stdout


def script(planted: Path, *words: str) -> list[str]:
    return [str(planted.parent / "a link"), *words]


def module(*words: str) -> list[str]:
    """Return a call that leaves PATH as it is, which the script cleans."""
    return [sys.executable, "-E", "-P", "-m", "grader", *words]


def assert_fine(output: str, planted: Path) -> None:
    assert imported(planted) == ""
    assert "the grader failed" not in output
    assert "Fatal Python error" not in output


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def imported(planted: Path) -> str:
    """Return what is planted and was imported or started, a line each."""
    marker = planted.parent / "marker"
    return marker.read_text() if marker.exists() else ""


def test_what_is_planted_would_be_noticed(planted: Path) -> None:
    for place in planted, planted / "alice":
        # Not as -c: for that newer Pythons import linecache, which is planted.
        subprocess.run([sys.executable, "-"], input=b"import queue", cwd=place)
    subprocess.run(["/bin/sh", "-c", "git"], cwd=planted, env={"PATH": "."})

    assert sorted(imported(planted).split()) == ["git", "queue", "queue"]


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_command_takes_nothing_planted(
        words: list[str], planted: Path) -> None:
    assert_fine(said(script(planted, *words), planted), planted)


@pytest.mark.parametrize("path", [".:{}", ":{}", "{}:.", "{}:", "./:{}::"])
def test_the_script_cleans_any_path(path: str, planted: Path) -> None:
    output = said(script(planted, "--help"), planted,
                  path.format(os.environ["PATH"]))

    assert_fine(output, planted)
    assert "grade check" in output


@pytest.mark.parametrize("path", [
    ".", "", "./", "alice/..", "/usr/bin:.", "/usr/bin:", ":/usr/bin", "::",
    "/usr/bin::/bin"])
def test_no_program_is_found_in_the_current_folder(
        path: str, planted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = planted / "planted-program"
    program.touch(0o755)
    monkeypatch.chdir(planted)
    monkeypatch.setenv("PATH", path)

    assert executables.find("planted-program") is None
    monkeypatch.setenv("PATH", f"{path}:{planted}")
    assert executables.find("planted-program") == str(program)


def test_doctor_tries_nothing_planted(planted: Path) -> None:
    assert_fine(said(module("doctor"), planted), planted)


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


# Lint measures less well what can be known of the inputs.
LINT = """\
import sys
from grader.cli import main
from grader.lint import freshness
freshness.SEEDS = freshness.SEEDS[:3]
raise SystemExit(main(["lint", *sys.argv[1:]]))
"""


def test_lint_takes_nothing_planted(planted: Path) -> None:
    said(script(planted, "new", "../own"), planted)
    output = said([sys.executable, "-E", "-P", "-c", LINT,
                   "--library", "../own"], planted)

    # It has run a suite, a main and the tools.
    assert "the library is sound" in output
    assert imported(planted) == ""


def test_a_cohort_grades_what_lies_beside_planted_modules(
        planted: Path) -> None:
    output = said(module("cohort", ".", "--out", "../out", "--task", "0x00/2",
                         "--jobs", "2"), planted)

    assert_fine(output, planted)
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
