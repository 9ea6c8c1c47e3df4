"""What is said reaches whoever reads it, whatever the streams are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from grader.report.formats import EXPORTS, in_ascii
from tests.conftest import RIGHT_FLOOR
from tests.tools.stopwatch import ROOT

ODD = "caf\u00e9 \u20ac \u2603 \U0001f600"


def grade(*words: str, encoding: str = "utf-8", cwd: Path | None = None,
          closed: tuple[int, ...] = ()) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    close = "".join(f"os.close({fd});" for fd in closed)
    # It is the new program that finds them closed.
    code = (f"import os, sys; {close} os.execv(sys.executable, "
            f"[sys.executable, '-m', 'grader', *{list(words)!r}])")
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, cwd=cwd,
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        stdin=subprocess.DEVNULL, timeout=120)


@pytest.fixture
def odd(submission: Path) -> Path:
    """Return a submission in whose failures there are odd letters."""
    file, = submission.glob("*/2-floor.py")
    file.write_text(RIGHT_FLOOR.replace(
        "math.floor(n)", f"str(n) + {ODD!r}"), encoding="utf-8")
    return submission


def _xml(text: str) -> str:
    return "".join(ElementTree.fromstring(text).itertext()) + "".join(
        failure.get("message", "")
        for failure in ElementTree.fromstring(text).iter("failure"))


FORMS: dict[str, Callable[[str], str]] = {
    "text": str, "junit": _xml, "classroom": str,
    **dict.fromkeys(("json", "gradescope", "exercism"),
                    lambda text: json.dumps(json.loads(text),
                                            ensure_ascii=False))}


# Grades once and writes the report in every form: the writing is tried here.
# After each form comes the exit status, between two form feeds.
IN_ALL_FORMS = """
import sys
from grader.cli import main
from grader.commands import check
graded = []
grade = check._grade
def once(*words):
    graded[:] = graded or [grade(*words)]
    return graded[0]
check._grade = once
path, *forms = sys.argv[1:]
for form in forms:
    status = main(["check", path, "0x00/2", "--format", form])
    print(f"\\f{status}\\f", end="", flush=True)
"""


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_no_letter_loses_the_report(odd: Path, encoding: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IN_ALL_FORMS, str(odd), *FORMS],
        env=os.environ | {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
        capture_output=True, cwd=ROOT, timeout=120)
    *parts, rest = done.stdout.split(b"\f")

    assert (done.stderr, rest) == (b"", b"")
    assert parts[1::2] == [b"1"] * len(FORMS)
    for form, part in zip(FORMS, parts[::2], strict=True):
        said = FORMS[form](part.decode("ascii" if form != "text"
                                       else encoding))
        if form == "text":
            assert "\\u2603" in said
        elif form != "classroom":
            assert ODD in said, form


def test_every_form_has_its_own_escapes() -> None:
    assert in_ascii(f'{{"a": "{ODD}"}}', "json") == json.dumps({"a": ODD})
    assert ElementTree.fromstring(in_ascii(f"<a>{ODD}</a>", "junit")
                                  ).text == ODD
    assert in_ascii(ODD, "text") == ODD
    assert set(FORMS) == {"text", "json", *EXPORTS}


@pytest.mark.parametrize("words", [["list"], ["check", "."], ["doctor"],
                                   ["cohort", ".", "--out", "new"]])
@pytest.mark.parametrize("closed", [(1,), (0, 1)])
def test_a_closed_output_is_said_before_anything_is_done(
        submission: Path, words: list[str], closed: tuple[int, ...]) -> None:
    done = grade(*words, cwd=submission, closed=closed)

    assert done.returncode == 2
    assert done.stderr.decode().splitlines() == [
        "grade: the output cannot be written: it is closed",
        "       send it elsewhere"]
    assert not (submission / "new").exists()


def test_a_file_takes_a_report_whatever_is_closed(submission: Path,
                                                  tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    done = grade("check", str(submission), "0x00/2", "--format", "json",
                 "--output", str(report), closed=(0, 1, 2))

    assert done.returncode == 0
    assert json.loads(report.read_text())["score"]["points"] == 10.0


def test_nobody_need_hear_of_an_error(submission: Path) -> None:
    assert grade("check", "/no/such/folder", closed=(2,)).returncode == 2
    assert grade("list", closed=(1, 2)).returncode == 2


@pytest.mark.parametrize("words", [
    [], ["list"], ["check"], ["check", ".", "0x00"], ["show", "0x00/2"],
    ["hint", "0x00/2"], ["start", "x"], ["watch"], ["cohort", ".", "--out",
                                                    "x"]])
def test_a_current_folder_that_is_gone_is_said(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    if sys.platform == "win32":
        pytest.skip("a current folder cannot be removed there")
    from grader.cli import main

    here = tmp_path / "gone"
    here.mkdir()
    monkeypatch.chdir(here)
    here.rmdir()

    assert main(words) == 2
    assert capsys.readouterr().err.splitlines() == [
        "grade: the current folder is gone: No such file or directory",
        "       cd to one that is there"]
