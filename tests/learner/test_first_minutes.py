"""What a new learner types first: the commands that `grade start` ends with,
and `grade run`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli import main
from grader.learner import calling, guide
from grader.library.library import Library

ROOT = Path(__file__).parents[2]
NAME = "0x00-python_variable_annotations"
GRADE = [sys.executable, "-m", "grader"]


def grade(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*GRADE, *words], cwd=place, text=True,
                          capture_output=True, timeout=120,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_what_start_ends_with_works_in_that_very_shell(
        tmp_path: Path) -> None:
    done = grade(tmp_path, "start", "my 'own' work")
    steps = [line.strip() for line in done.stdout.splitlines()
             if line.startswith("  ")]
    assert steps[2] == "grade watch"
    script = "\n".join(["shopt -s expand_aliases", *steps[:2],
                        "grade list", "pwd"])
    shown = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, text=True, check=True,
        capture_output=True, env={"PATH": "/usr/bin:/bin",
                                  "PYTHONPATH": str(ROOT)}).stdout

    assert f"Next: {NAME}/0-add.py" in shown
    assert shown.endswith("/my 'own' work\n")


def test_a_shell_that_knows_grade_needs_no_alias(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    program = tmp_path / "grade"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("UV", raising=False)
    assert calling.alias(str(program)) == f"alias grade={program}"

    (tmp_path / "bin" / "grade").symlink_to(program)
    assert calling.alias(str(program)) == ""
    # As uvx has it, whose PATH ends with it.
    monkeypatch.setenv("UV", "/usr/bin/uv")
    assert calling.alias(str(program)) == f"alias grade={program}"


def test_the_readme_of_a_workspace_has_every_task(library: Library,
                                                  made: Path) -> None:
    text = (made / "README.md").read_text()
    for task in library.tasks:
        assert f"| {task.number} | `{task.main}` | `{task.file}` |" in text
    assert "There is no task 2 in this course." in text
    assert max(len(line) for line in text.splitlines()
               if not line.startswith("|")) <= 80
    assert [folder.name for folder in library.folders
            if f"`{folder.name}`" not in text] == []


def test_a_course_without_words_of_its_own_has_a_readme(
        library: Library) -> None:
    text = guide.text(library, "")
    assert "\n\n\n" not in text
    assert "--library" not in text
    assert "--library here" in guide.text(library, "", spoken="here")


def test_a_workspace_of_another_library_is_told_to_name_it(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    more = ROOT / "more"
    assert main(["start", str(tmp_path / "w"), "--library", str(more)]) == 0
    assert "grade watch --library more\n" in capsys.readouterr().out
    text = (tmp_path / "w" / "README.md").read_text()
    assert "`--library more`" in text
    assert "There is no task" not in text


def test_a_blank_workspace_has_no_points(
        made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(made), "0x00/9", "0x00/100", "0x00/101"])
    assert "0 of 30 points" in capsys.readouterr().out


def test_run_hands_on_output_and_exit_status(made: Path) -> None:
    file = made / NAME / "0-add.py"
    file.write_text("def add(a, b):\n    raise SystemExit(7)\n")
    assert grade(made, "run", "0x00/0").returncode == 7

    file.write_text("def add(a, b):\n    return a + b\n")
    done = grade(made / NAME, "run", "0")
    assert (done.returncode, done.stdout) == (0, "True\n{}\n")


def test_run_hands_on_ctrl_c(made: Path) -> None:
    (made / NAME / "0-add.py").write_text(
        "print('waiting', flush=True)\nimport time\ntime.sleep(60)\n")
    with subprocess.Popen([*GRADE, "run", "0x00/0"], cwd=made, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)},
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE
                          ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)

    assert process.returncode == -signal.SIGINT
    assert "KeyboardInterrupt" in errors


@pytest.mark.parametrize("word, what", [
    ("0x00", "has 13 tasks"), ("0x00/1", "1-main.py is not there")])
def test_run_says_what_it_cannot_run(made: Path, word: str,
                                     what: str) -> None:
    (made / NAME / "1-main.py").unlink()
    done = grade(made, "run", word)
    assert done.returncode == 2
    assert what in done.stderr
    assert len(done.stderr.splitlines()) == 2


@pytest.mark.parametrize("word, folder", [
    ("gen/1", "generators"), ("dec/1", "decorators"), ("ctx/1", "context"),
    ("GEN/1", "generators")])
def test_folders_have_short_names(library: Library, word: str,
                                  folder: str) -> None:
    task, = library.select([word])
    assert folder in task.folder
    assert task.short == word.lower()


@pytest.mark.parametrize("words, shown, hidden", [
    (["0x00"], ["The idea", "How it is graded", "grade show 0x00/0 ... "],
     "Write `add"),
    (["0x00", "--rules"], ["How it is graded"], "The idea"),
    (["0x00/0", "--rules"], ["How it is graded"], "Write `add"),
    (["0x00/0"], ["Write `add", "grade show 0x00 --rules",
                  "The idea behind it: grade show 0x00\n"], "Common mistakes"),
])
def test_show_has_the_folders_part_the_rules_and_the_tasks(
        made: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str], words: list[str],
        shown: list[str], hidden: str) -> None:
    monkeypatch.chdir(made)
    assert main(["show", *words]) == 0
    out = capsys.readouterr().out
    assert [text for text in shown if text not in out] == []
    assert hidden not in out


def test_a_folder_of_one_task_is_shown_as_a_whole(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "own")]) == 0
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert main(["show", "first", "--library", "own"]) == 0
    out = capsys.readouterr().out
    assert "First steps" in out and "0. Twice as much" in out
    assert "The idea behind it" not in out
    assert main(["show", "first", "--rules", "--library", "own"]) == 0
    assert "First steps" in capsys.readouterr().out
