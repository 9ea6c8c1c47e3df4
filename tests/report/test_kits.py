"""The kits, tested by running what Gradescope and GitHub would run."""

from __future__ import annotations

import importlib
import json
import os
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from tests.attacks.test_forging import DATA, TARGETS, TRICKS
from tests.conftest import RIGHT_FLOOR

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "0x00-python_variable_annotations"


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Return one in which python3 and python are this one."""
    tools = folder / "bin"
    tools.mkdir(exist_ok=True)
    for name, words in (("python", ""), ("python3", ""),
                        ("grade", "-P -m grader")):
        (tools / name).write_text(
            f'#!/bin/sh\nexec {sys.executable} {words} "$@"\n')
        (tools / name).chmod(0o755)
    return os.environ | {"PATH": f"{tools}:{os.environ['PATH']}"} | more


@pytest.fixture
def autograder(tmp_path: Path) -> Path:
    """Return a folder laid out as in Gradescope's image, for one task."""
    return unpacked(tmp_path, "0x00/2")


def unpacked(tmp_path: Path, task: str) -> Path:
    main(["export", "gradescope", task, "--output",
          str(tmp_path / "autograder.zip")])
    root = tmp_path / "autograder"
    (root / "submission").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        archive.extractall(root / "source")
    return root


def autograde(root: Path) -> dict[str, Any]:
    subprocess.run(["bash", root / "source" / "run_autograder"], check=True,
                   env=environment(root, AUTOGRADER=str(root)))
    results: dict[str, Any] = json.loads(
        (root / "results" / "results.json").read_text())
    return results


def test_the_zip_grades_a_submission_by_itself(autograder: Path) -> None:
    folder = autograder / "submission" / FOLDER
    folder.mkdir()
    (folder / "2-floor.py").write_text(RIGHT_FLOOR)
    results = autograde(autograder)

    assert [each["max_score"] for each in results["tests"]] == [10]
    assert results["score"] >= 8


def test_a_folder_around_it_all_is_seen_through(autograder: Path) -> None:
    folder = autograder / "submission" / "my repository" / FOLDER
    folder.mkdir(parents=True)
    (folder / "2-floor.py").write_text(RIGHT_FLOOR)

    assert autograde(autograder)["score"] >= 8


def test_a_forged_pass_is_not_believed(tmp_path: Path) -> None:
    root = unpacked(tmp_path, "python-decorators-0x01/0")
    folder = root / "submission" / "python-decorators-0x01"
    folder.mkdir()
    selector, wrong = TARGETS["decorators"]
    (folder / "0-log_queries.py").write_text(
        DATA["prelude"] + TRICKS["F03"]["code"] + wrong)
    test, = autograde(root)["tests"]

    assert test["score"] == 0
    assert "do not belong to the calls" in test["output"]


def test_the_image_is_built_with_what_is_found_out_once(
        autograder: Path) -> None:
    *_, last = (autograder / "source" / "setup.sh").read_text().splitlines()
    command = last.strip("()").replace(".venv/bin/python", sys.executable)
    said = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True,
        env=environment(autograder, source=str(autograder / "source")))

    assert "1 of 1 task" in said.stdout


def test_nothing_to_grade_is_said_and_scored_0(autograder: Path) -> None:
    results = autograde(autograder)

    assert results["score"] == 0
    assert "none of the task folders" in results["output"]


def test_the_zip_has_both_scripts_at_its_root(tmp_path: Path) -> None:
    target = tmp_path / "a.zip"
    main(["export", "gradescope", "--output", str(target)])
    with zipfile.ZipFile(target) as archive:
        for name in ("setup.sh", "run_autograder"):
            assert archive.getinfo(name).external_attr >> 16 & 0o111
            assert archive.read(name).startswith(b"#!/usr/bin/env bash\n")
        assert f"grader/folders/{FOLDER}/tasks.toml" in archive.namelist()
        assert b"pycodestyle" in archive.read("requirements.txt")
        assert not [name for name in archive.namelist()
                    if "__pycache__" in name]


def loaded(text: str) -> Any:
    """Return what a parser of YAML makes of a text."""
    return importlib.import_module("yaml").safe_load(text)


def configured(folder: Path, service: str, package: str = "a/b") -> Any:
    target = folder / "written.yml"
    assert main(["export", service, "0x00/2", "--package", package,
                 "--output", str(target)]) == 0
    return loaded(target.read_text())


def run_steps(script: str, folder: Path, home: Path) -> tuple[int, str]:
    """Run what a service runs, with this grader installed where it says."""
    bin = home / "grader" / "bin"
    bin.mkdir(parents=True)
    (bin / "grade").write_text(
        f'#!/bin/sh\nexec {sys.executable} -P -m grader "$@"\n')
    (bin / "grade").chmod(0o755)
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, capture_output=True,
        text=True, env=environment(
            home, RUNNER_TEMP=str(home), PYTHONPATH=str(ROOT),
            GITHUB_STEP_SUMMARY=str(home / "summary")))
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("right", [True, False])
def test_the_workflow_says_what_is_wrong_and_fails_if_so(
        submission: Path, tmp_path: Path, right: bool) -> None:
    if not right:
        file = submission / FOLDER / "2-floor.py"
        file.write_text("# <img> & ```\n")
    steps = configured(tmp_path, "github")["jobs"]["grade"]["steps"]
    install, grade = (step["run"] for step in steps[-2:])
    status, said = run_steps(grade, submission, tmp_path / "home")

    assert status == (0 if right else 1)
    assert f"{int(right)} of 1 tasks pass" in said
    summary = (tmp_path / "home" / "summary").read_text()
    assert f"{int(right)} of 1 tasks pass" in summary
    assert "<img" not in summary
    assert "pip install --quiet 'a/b'" in install


def test_a_run_that_has_nothing_to_grade_fails_the_workflow(
        tmp_path: Path) -> None:
    *_, grade = configured(tmp_path, "github")["jobs"]["grade"]["steps"]

    status, said = run_steps(grade["run"], tmp_path, tmp_path / "home")
    assert status != 0 and "task folders" in said


def test_the_job_for_gitlab_reports_its_verdicts(
        submission: Path, tmp_path: Path) -> None:
    job = configured(tmp_path, "gitlab")["grade"]
    script = "\n".join(job["script"][3:]).replace(
        "/tmp/grader", str(tmp_path / "home" / "grader"))
    status, said = run_steps(script, submission, tmp_path / "home")

    assert status == 0 and "1 of 1 tasks pass" in said
    report = submission / job["artifacts"]["reports"]["junit"]
    assert "<testsuites" in report.read_text()
    assert job["script"][2].endswith("pip install --quiet 'a/b'")


def test_the_hook_grades_what_is_there(tmp_path: Path) -> None:
    hook, = configured(tmp_path, "pre-commit")["repos"][0]["hooks"]

    program, option, script = shlex.split(hook["entry"])
    assert (program, option) == ("sh", "-c")
    assert 'pip install --quiet "a/b"' in script
    assert script.endswith('bin/grade" check --present . 0x00/2')
    assert hook["pass_filenames"] is False


def test_a_wheel_goes_along_and_a_folder_stays_where_it_is(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repository" / "grader").mkdir(parents=True)
    (tmp_path / "g-1-py3-none-any.whl").write_bytes(b"wheel")
    monkeypatch.chdir(tmp_path / "repository")

    for package, given in (("../g-1-py3-none-any.whl",
                            "./ci/g-1-py3-none-any.whl"),
                           ("grader", "./grader"),
                           ("git+https://x.example/g", None)):
        assert main(["export", "pre-commit", "--package", package,
                     "--output", "ci/hook.yml"]) == 0
        hook, = loaded(Path("ci/hook.yml").read_text())["repos"][0]["hooks"]
        assert f'--quiet "{given or package}"' in hook["entry"]
    assert Path("ci/g-1-py3-none-any.whl").read_bytes() == b"wheel"


@pytest.mark.parametrize("words, says", [
    ([], "nothing says where the grader is installed from"),
    (["--package", "missing.whl"], "missing.whl is not there"),
    (["--package", "x'; rm y; '"], "cannot be written into a script"),
    (["--package", "/tmp"], "is outside of this folder")])
def test_a_package_that_nothing_could_install_is_refused(
        tmp_path: Path, capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch, words: list[str],
        says: str) -> None:
    monkeypatch.chdir(tmp_path)

    assert main(["export", "github", *words]) == 2
    assert says in capsys.readouterr().err
    assert not (tmp_path / ".github" / "workflows" / "grade.yml").exists()


def test_gradescope_is_told_which_image_to_take(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["export", "gradescope", "0x00/2", "--output",
          str(tmp_path / "a.zip")])

    assert "Ubuntu 24.04 or later as base image" in capsys.readouterr().out
