"""The command line: formats, exit statuses, and messages."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from grader import __main__, cli
from grader.cli import main
from grader.cohort import crew
from grader.errors import UserError
from tests.conftest import RIGHT_FLOOR
from tests.helpers.herecrew import HereCrew

ROOT = Path(__file__).parents[2]
NAME = "0x00-python_variable_annotations"

pytestmark = pytest.mark.usefixtures("kept_walls")


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
    assert set(data) == {"version", "submission", "library", "python",
                         "isolation", "seconds", "score", "tasks"}
    assert data["python"] == platform.python_version()
    assert data["version"] == 1
    assert data["score"] == {"points": 10.0, "max": 10.0}
    task, = data["tasks"]
    assert set(task) == {
        "folder", "number", "file", "title", "status", "points",
        "max_points", "seconds", "dimensions", "failures", "advice"}
    assert (task["folder"], task["number"]) == (NAME, 2)


@pytest.mark.parametrize("words", [
    ["check", "{}/none"], ["check", "{}"], ["check", "{}", "0x00/2"],
    ["check", ".", "0x00/2", "--output", "{}"], ["{}"],
    ["check", ".", "{}"], ["start", "{}/new"], ["watch", "{}/none"],
    ["check", ".", "--format", "{}"], ["check", ".", "--jobs", "{}"],
    ["cohort", "{}", "--out", "{}/out"],
    ["cohort", "{}/list", "--out", "out"],
    ["cohort", "{}", "--out", "out", "--baseline", "{}"],
    ["cohort", "{}", "{}/none", "--out", "{}/out"],
    ["export", "gradescope", "--output", "{}/new.zip"],
    ["export", "github", "--output", "{}", "--package", "{}"],
    ["export", "github", "--output", "{}", "--package", "a/b"],
    ["answer", "{}"],
    ["gradebook", "{}"], ["show", "{}"], ["hint", "{}"],
], ids=lambda words: " ".join(words))
def test_no_name_of_a_file_reaches_the_terminal_raw(
        words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    evil = tmp_path / "\033[2J\u202e\x9b31m\rname"
    for folder in "ada", "bob\033]0;x\a", "no\033[31mthing":
        (evil / folder / (NAME if "thing" not in folder else "x")
         ).mkdir(parents=True)
    (evil / "ada" / NAME / "2-floor.py").write_text(RIGHT_FLOOR)
    (evil / "list").write_text("\033[2J\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(crew, "LocalCrew", HereCrew)

    main([word.format(evil) for word in words])

    said = capsys.readouterr()
    text = said.out + said.err
    assert text
    assert [char for char in text.replace("\n", "")
            if not char.isprintable()] == []


@pytest.mark.parametrize("words, what", [
    (["check", "/no/such/path"], "is neither a folder nor a task"),
    (["check", ".", "0x09"], "no folder or task '0x09'"),
    (["check", ".", "0x00/77"], "has no task '77'"),
    (["check", ".", "--format", "xml"], "--format takes text, json, junit"),
    (["chekc"], "grade check?"),
    (["nothing"], "no command 'nothing'"),
    (["--nothing"], "no option --nothing"),
    (["start"], "DIR is missing"),
    (["cohort"], "--out is missing"),
    (["export"], "service is missing"),
    (["completion", "tcsh"], "shell takes bash, zsh, fish"),
    (["show", "0x00/1", "0x00/2"], "unrecognized arguments: 0x00/2"),
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
    assert max(map(len, err.splitlines())) <= 80


def test_plain_grade_says_what_can_be_done(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert main([]) == 2
    assert "grade start exercises" in capsys.readouterr().out

    assert main(["start", "."]) == 0
    assert "cd " not in capsys.readouterr().out
    assert main([]) == 2
    out = capsys.readouterr().out
    assert f"Next: {NAME}/0-add.py (grade show 0x00/0)" in out
    assert "grade watch" in out


def test_show_and_hint_alone_are_about_the_next_task(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    main(["start", str(tmp_path / "w")])
    monkeypatch.chdir(tmp_path / "w" / "0x01-python_async_function")
    capsys.readouterr()
    assert main(["show"]) == main(["hint"]) == 0
    out = capsys.readouterr().out
    assert "0. The basics of async" in out
    assert "Hint 1 of 2 for 0-basic_async_syntax.py" in out


@pytest.mark.parametrize("words, shown", [
    (["help"], "usage: grade COMMAND"), (["-h"], "learning:"),
    (["--version"], "grade 0."), (["help", "check"], "--format")])
def test_help_can_be_asked_for_in_many_ways(
        words: list[str], shown: str,
        capsys: pytest.CaptureFixture[str]) -> None:
    with suppress(SystemExit):
        assert main(words) == 0
    assert shown in capsys.readouterr().out


def test_a_submission_near_by_is_pointed_out(
        submission: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(submission.parent)
    assert main(["check"]) == 2
    assert "do you mean learner?" in capsys.readouterr().err


def test_a_full_disk_is_no_fault_of_the_grader() -> None:
    with open("/dev/full", "w") as full:
        done = subprocess.run([sys.executable, "-m", "grader", "--help"],
                              stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 2
    assert "the output cannot be written: No space left" in done.stderr


def test_a_reader_who_has_had_enough_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -m grader list --all | head -1; "
        "exit ${PIPESTATUS[0]}", shell=True, executable="/bin/bash",
        capture_output=True, text=True, cwd=ROOT)
    assert done.stderr == ""
    assert done.returncode in (0, 1)


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


def test_lint_names_what_is_wrong_with_a_manifest(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("grader.library.library.find_root", lambda: tmp_path)
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "tasks.toml").write_text("titel = 'T'\n[[task]]\n")

    assert main(["lint"]) == 1
    assert capsys.readouterr().out == (
        f"{NAME}/tasks.toml: task without a number: "
        "the key 'number' is missing\n")


def test_help_is_quick_to_load() -> None:
    program = ("import sys; from grader.cli import main; main(['--help']); "
               "sys.exit('mypy' in sys.modules or 'asyncio' in sys.modules)")

    assert subprocess.run([sys.executable, "-c", program],
                          stdout=subprocess.DEVNULL).returncode == 0


def test_the_seconds_of_a_report_are_those_that_were_waited(
        submission: Path, capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["check", str(submission), "0x00/2", "--format", "json"]
    started = time.monotonic() - 100
    main(words, began=started)

    seconds = json.loads(capsys.readouterr().out)["seconds"]
    assert 100 < seconds < time.monotonic() - started
    # They are counted from before the modules are imported.
    given: list[float] = []
    monkeypatch.setattr(cli, "main", lambda began: given.append(began))
    started = time.monotonic()
    __main__.start()
    assert started <= given[0] <= time.monotonic()
