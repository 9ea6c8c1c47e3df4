"""The library, submissions and results are hidden wherever they lie."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.cohort import crew
from grader.errors import UserError
from grader.grading import grading
from grader.grading.grading import Grader, Options
from grader.library.library import Library, find_root
from grader.submission.submission import collect
from grader.wall.forking import Purpose
from tests.attacks import hostile

if sys.platform != "linux":
    pytest.skip("no other system shows only a part", allow_module_level=True)

_SPY = """
import os
read = []
for name in {names!r}:
    try:
        with open(name) as file:
            file.read()
        read.append(os.path.basename(name))
    except OSError:
        pass
raise ValueError("read: " + ", ".join(read))
"""


@pytest.mark.parametrize("tier", ["full", "reduced"])
def test_a_run_sees_nothing_of_a_course_that_lies_among_packages(
        tier: str, library: Library, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site-packages"
    course = hostile.one_task(library, site / "course")
    for name, text in (("class/other/2-floor.py", "other"),
                       ("out/results.jsonl", "result"),
                       ("package/module.py", "package")):
        (site / name).parent.mkdir(parents=True)
        (site / name).write_text(text)
    folder = site / "class/spy" / hostile.FOLDER
    folder.mkdir(parents=True)
    (folder / hostile.NAME).write_text(_SPY.format(names=[
        str(path) for path in site.rglob("*") if path.is_file()]))
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    monkeypatch.setattr(sys, "path", [*sys.path, str(site)])

    try:
        with Grader(course, Options(isolation=tier, hidden=(
                site / "class", site / "out"))) as grader:
            task, = grader.grade(collect(folder.parent, course),
                                 course.tasks).tasks
    except UserError as error:
        pytest.skip(error.what)
    assert task.failures[0].message.endswith("read: module.py")


class _Stop(UserError):
    """Ends a command once it has said what it hides."""


def test_check_hides_the_library_and_what_lies_beside_the_submission(
        submission: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Sequence[Path]] = []

    def opened(wanted: str, *purposes: Purpose) -> Any:
        for purpose in purposes:
            seen.append(purpose.hidden)
        raise _Stop("seen", "stop")

    monkeypatch.setattr(grading, "open_walls", opened)
    main(["check", str(submission), "0x00/2"])
    assert seen == [(find_root(), submission.parent)] * 2


def test_cohort_hides_all_submissions_and_the_results(
        submission: Path, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Path] = []

    def hired(options: Options, count: int) -> Any:
        seen.extend(options.hidden)
        raise _Stop("seen", "stop")

    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "ada" / hostile.FOLDER).mkdir(parents=True)
    listed = tmp_path / "list"
    listed.write_text(f"{elsewhere / 'ada'}\n")
    monkeypatch.setattr(crew, "LocalCrew", hired)
    main(["cohort", str(submission), str(listed), "--out",
          str(tmp_path / "out")])
    assert {submission, elsewhere, tmp_path / "out"} <= set(seen)
