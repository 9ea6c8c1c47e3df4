"""The kits, tested by running what Gradescope and GitHub would run."""

from __future__ import annotations

import base64
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.report import kits
from tests.conftest import RIGHT_FLOOR
from tests.test_forging import DATA, TARGETS, TRICKS

ROOT = Path(__file__).resolve().parent.parent
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


def steps(workflow: str) -> dict[str, str]:
    """Return the scripts of a workflow by the names of their steps."""
    found = re.findall(r"- name: (.*)\n(?:        id: .*\n)?        run: \|\n"
                       r"((?:          .*\n)+)", workflow)
    return {name: re.sub("(?m)^ {10}", "", script)
            for name, script in found}


def test_the_workflow_hands_its_result_to_the_reporter(
        submission: Path, tmp_path: Path) -> None:
    target = tmp_path / "grade.yml"
    main(["export", "github", "0x00/2", "--output", str(target)])
    workflow = target.read_text()
    output = tmp_path / "output"
    subprocess.run(
        ["bash", "-e", "-c", steps(workflow)["Grade"]], cwd=submission,
        check=True, env=environment(tmp_path, GITHUB_OUTPUT=str(output),
                                    PYTHONPATH=str(ROOT)))
    name, _, value = output.read_text().partition("=")
    results = json.loads(base64.b64decode(value))

    assert name == "result"
    assert results["tests"][0]["score"] == results["max_score"] == 10
    assert 'GRADE_RESULTS: "${{ steps.grade.outputs.result }}"' in workflow
    assert kits.default_package() in steps(workflow)[
        "Install the grader"]


def test_a_run_that_breaks_fails_the_workflow(tmp_path: Path) -> None:
    script = steps(kits.github("x", ["0x00/2"]))["Grade"]
    ended = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, capture_output=True,
        env=environment(tmp_path, GITHUB_OUTPUT=str(tmp_path / "output"),
                        PYTHONPATH=str(ROOT)))

    assert ended.returncode == 2
    assert not (tmp_path / "output").exists()
