"""The command line: formats, exit statuses, and messages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli import main
from grader.errors import UserError

NAME = "0x00-python_variable_annotations"


def test_a_pass_exits_with_0_and_says_so(
        submission: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["check", str(submission), "0x00/2"])

    out = capsys.readouterr().out
    assert status == 0
    assert "pass  2-floor.py" in out
    assert "1 of 1 tasks pass, 10 of 10 points" in out


def test_a_failure_exits_with_1(
        submission: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(submission), "0x00/2", "0x00/0"]) == 1
    assert "0-add.py is not there" in capsys.readouterr().out


def test_json_holds_the_contract(
        submission: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(submission), "0x00/2", "--format", "json"])

    data = json.loads(capsys.readouterr().out)
    assert set(data) == {"version", "submission", "library", "isolation",
                         "seconds", "score", "tasks"}
    assert data["version"] == 1
    assert data["score"] == {"points": 10.0, "max": 10.0}
    task, = data["tasks"]
    assert set(task) == {
        "folder", "number", "file", "title", "status", "points",
        "max_points", "seconds", "dimensions", "failures", "advice"}
    assert (task["folder"], task["number"]) == (NAME, 2)


@pytest.mark.parametrize("words, what", [
    (["check", "/no/such/path"], "is neither a folder nor a task"),
    (["check", ".", "0x09"], "no folder or task '0x09'"),
    (["check", ".", "0x00/77"], "has no task '77'"),
    (["check", ".", "--format", "xml"], "invalid choice"),
    (["chekc"], "grade check?"),
    (["nothing"], "no command 'nothing'"),
    (["--nothing"], "no option --nothing"),
    (["start"], "DIR is missing"),
    (["check", "--jobs", "0"], "not a number above 0"),
    (["check", ".", "0x00", "--output", "/no/such/folder/file"],
     "its folder is not there"),
    (["check", ".", "0x00", "--output", "/tmp"], "it is a folder"),
])
def test_a_wrong_call_exits_with_2_in_two_lines(
        capsys: pytest.CaptureFixture[str], words: list[str],
        what: str) -> None:
    status = main(words)

    err = capsys.readouterr().err
    assert status == 2
    assert what in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 2


def test_the_report_goes_where_it_is_asked(submission: Path,
                                           tmp_path: Path) -> None:
    target = tmp_path / "report.json"
    main(["check", str(submission), "0x00/2", "--format", "json",
          "--output", str(target)])

    assert json.loads(target.read_text())["version"] == 1


@pytest.mark.parametrize("words", [
    ["--debug", "check", "/no/such/path"], ["check", "/no/such/path",
                                            "--debug"]])
def test_debug_shows_tracebacks_wherever_it_stands(words: list[str]) -> None:
    with pytest.raises(UserError, match="/no/such/path is neither"):
        main(words)


def test_help_is_quick_to_load() -> None:
    program = ("import sys; from grader.cli import main; main(['--help']); "
               "sys.exit('mypy' in sys.modules or 'asyncio' in sys.modules)")

    assert subprocess.run([sys.executable, "-c", program],
                          stdout=subprocess.DEVNULL).returncode == 0
