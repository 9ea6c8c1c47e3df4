"""Completion scripts, and help that teaches by example."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import suppress

import pytest

from grader.cli import main

LEARNERS = ("check", "start", "watch", "list", "show", "hint", "run",
            "answer", "mysql", "site", "completion")


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["completion", shell]) == 0
    return capsys.readouterr().out


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize("typed, offered", [
    (["sh"], ["show"]),
    (["show", "0x02/"], ["0x02/0", "0x02/1", "0x02/2"]),
    (["check", "--form"], ["--format"]),
    (["start", "0x0"], []),
])
def test_bash_offers_commands_tasks_and_options(
        typed: list[str], offered: list[str],
        capsys: pytest.CaptureFixture[str]) -> None:
    asked = (f"{script('bash', capsys)}\nCOMP_WORDS=(grade {' '.join(typed)})"
             f"\nCOMP_CWORD={len(typed)}\n_grade; echo ${{COMPREPLY[@]}}")
    done = subprocess.run(["bash", "-c", asked], text=True,
                          capture_output=True, check=True)

    assert done.stdout.split() == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_knows_every_command(
        shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(shell, capsys)
    assert all(name in text for name in LEARNERS)
    assert "0x00/102" in text


def test_fish_reads_apostrophes(capsys: pytest.CaptureFixture[str]) -> None:
    assert "library\\'s" in script("fish", capsys)


@pytest.mark.parametrize("words", [[], *([name] for name in LEARNERS)])
def test_help_shows_examples_within_80_columns(
        words: list[str], capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    with suppress(SystemExit):
        main([*words, "--help"])
    out = capsys.readouterr().out

    assert "examples:" in out
    assert max(map(len, out.splitlines())) <= 80


def test_the_command_line_imports_little_besides_argparse() -> None:
    program = ("import sys, argparse, pathlib, textwrap, dataclasses\n"
               "before = set(sys.modules)\n"
               "import grader.cli\n"
               "print(*sorted(set(sys.modules) - before))")
    done = subprocess.run([sys.executable, "-c", program], text=True,
                          capture_output=True, check=True)
    names = done.stdout.split()
    # What is ours is words, and small.
    ours = [name for name in names if name.startswith("grader")]
    assert len(names) - len(ours) <= 2, names
    assert len(ours) < 20, ours
