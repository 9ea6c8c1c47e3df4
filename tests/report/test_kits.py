"""The kits, tested by running what Gradescope and GitHub would run."""

from __future__ import annotations

import importlib
import json
import os
import shlex
import shutil
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
TASKS = ["0x00/2", "python-decorators-0x01/0"]


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


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what is uploaded to Gradescope, for two tasks."""
    path = tmp_path_factory.mktemp("kit") / "autograder.zip"
    assert main(["export", "gradescope", *TASKS, "--output", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def autograder(tmp_path_factory: pytest.TempPathFactory, kit: Path) -> Path:
    """Return a folder laid out as in Gradescope's image."""
    root = tmp_path_factory.mktemp("autograder")
    with zipfile.ZipFile(kit) as archive:
        archive.extractall(root / "source")
    return root


def autograde(root: Path, submission: Path) -> dict[str, Any]:
    shutil.rmtree(root / "submission", ignore_errors=True)
    submission.rename(root / "submission")
    subprocess.run(["bash", root / "source" / "run_autograder"], check=True,
                   env=environment(root, AUTOGRADER=str(root)))
    results: dict[str, Any] = json.loads(
        (root / "results" / "results.json").read_text())
    return results


def test_the_zip_grades_by_itself_and_believes_no_forged_pass(
        autograder: Path, tmp_path: Path) -> None:
    # A folder around it all is seen through.
    home = tmp_path / "submission" / "my repository"
    (home / FOLDER).mkdir(parents=True)
    (home / FOLDER / "2-floor.py").write_text(RIGHT_FLOOR)
    selector, wrong = TARGETS["decorators"]
    (home / "python-decorators-0x01").mkdir()
    (home / "python-decorators-0x01" / "0-log_queries.py").write_text(
        DATA["prelude"] + TRICKS["F03"]["code"] + wrong)
    results = autograde(autograder, tmp_path / "submission")

    right, forged = results["tests"]
    assert right["max_score"] == 10
    assert results["score"] == right["score"] >= 8
    assert forged["score"] == 0
    assert "do not belong to the calls" in forged["output"]


def test_the_image_is_built_with_what_is_found_out_once(
        autograder: Path, tmp_path: Path) -> None:
    *_, last = (autograder / "source" / "setup.sh").read_text().splitlines()
    command = last.strip("()").replace(".venv/bin/python", sys.executable)
    said = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True,
        env=environment(tmp_path, source=str(autograder / "source")))

    assert "2 of 2 tasks" in said.stdout


def test_nothing_to_grade_is_said_and_scored_0(
        autograder: Path, tmp_path: Path) -> None:
    (tmp_path / "submission").mkdir()
    results = autograde(autograder, tmp_path / "submission")

    assert results["score"] == 0
    assert "none of the task folders" in results["output"]


def test_the_zip_has_both_scripts_at_its_root(kit: Path) -> None:
    with zipfile.ZipFile(kit) as archive:
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


def script_of(service: str, folder: Path, home: Path) -> str:
    """Return what a service runs to grade, once the grader is installed."""
    if service == "github":
        *_, grade = configured(folder, service)["jobs"]["grade"]["steps"]
        return str(grade["run"])
    job = configured(folder, service)["grade"]
    return "\n".join(job["script"][3:]).replace(
        "/tmp/grader", str(home / "grader"))


def run_steps(script: str, folder: Path, home: Path,
              instead: str = "") -> tuple[int, str]:
    """Run what a service runs, with this grader installed where it says.

    `instead` may end some calls of the grader before it starts.
    """
    bin = home / "grader" / "bin"
    bin.mkdir(parents=True)
    (bin / "grade").write_text(
        f'#!/bin/sh\n{instead}\nexec {sys.executable} -P -m grader "$@"\n')
    (bin / "grade").chmod(0o755)
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=folder, capture_output=True,
        text=True, env=environment(
            home, RUNNER_TEMP=str(home), PYTHONPATH=str(ROOT),
            GITHUB_STEP_SUMMARY=str(home / "summary")))
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("status", range(4))
@pytest.mark.parametrize("service", ["github", "gitlab"])
def test_a_job_ends_as_the_grader_does(
        service: str, status: int, tmp_path: Path) -> None:
    script = script_of(service, tmp_path, tmp_path / "home")

    ended, said = run_steps(
        script, tmp_path, tmp_path / "home",
        f"echo the report > report.txt; cat report.txt; exit {status}")
    assert ended == status, said
    assert "the report" in said


def test_the_workflow_says_what_is_wrong_and_fails(
        submission: Path, tmp_path: Path) -> None:
    (submission / FOLDER / "2-floor.py").write_text("# <img> & ```\n")
    steps = configured(tmp_path, "github")["jobs"]["grade"]["steps"]
    install, grade = (step["run"] for step in steps[-2:])
    status, said = run_steps(grade, submission, tmp_path / "home")

    assert status == 1
    assert "0 of 1 tasks pass" in said
    summary = (tmp_path / "home" / "summary").read_text()
    assert "0 of 1 tasks pass" in summary
    assert "<img" not in summary
    assert "pip install --quiet 'a/b'" in install


def test_a_run_that_has_nothing_to_grade_fails_the_workflow(
        tmp_path: Path) -> None:
    script = script_of("github", tmp_path, tmp_path / "home")

    status, said = run_steps(script, tmp_path, tmp_path / "home")
    assert status != 0 and "task folders" in said


def test_the_job_for_gitlab_reports_its_verdicts(
        submission: Path, tmp_path: Path) -> None:
    script = script_of("gitlab", tmp_path, tmp_path / "home")
    # The other call of the two is for the log alone.
    status, said = run_steps(script, submission, tmp_path / "home",
                             'case "$*" in *junit*) ;; *) exit ;; esac')

    assert status == 0, said
    job = configured(tmp_path, "gitlab")["grade"]
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
