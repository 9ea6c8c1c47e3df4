"""The wheel, installed elsewhere: it has all that a learner needs."""

from __future__ import annotations

import os
import site
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from grader.library.library import Library, load_library
from tests.conftest import RIGHT_FLOOR
from tests.helpers.terminals import PseudoTerminal

pytest.importorskip("hatchling", reason="the wheel is built by hatchling")

ROOT = Path(__file__).parents[2]
NAME = "0x00-python_variable_annotations"
LITTER = ".pyc", ".db", ".log"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel",
         "-d", str(place)], cwd=ROOT, check=True, capture_output=True)
    built, = place.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def grade(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel; what it depends on is that of this Python."""
    place = tmp_path_factory.mktemp("venv") / "v"
    venv.create(place, symlinks=True)
    python = place / "bin" / "python"
    packages = next(place.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(
        "\n".join(site.getsitepackages()) + "\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install",
         "--quiet", "--no-deps", "--no-index", str(wheel)], check=True,
        capture_output=True)
    return place / "bin" / "grade"


def run(grade: Path, place: Path, *words: str) -> tuple[int, str]:
    environment = {name: value for name, value in os.environ.items()
                   if name != "PYTHONPATH"}
    done = subprocess.run([grade, *words], cwd=place, text=True,
                          capture_output=True, env=environment)
    return done.returncode, done.stdout + done.stderr


def test_the_wheel_holds_the_library_and_no_litter(
        wheel: Path, library: Library) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    beside = [load_library(library.root / name) for name in library.more]
    assert beside
    for each in (library, *beside):
        for part in each.parts:
            for path in (part, *part.rglob("*.*")):
                if path.is_file() and path.suffix not in LITTER and not (
                        path.name.startswith(".")):
                    inside = path.relative_to(library.root).as_posix()
                    assert f"grader/folders/{inside}" in names
    assert not [name for name in names
                if "/." in name or name.endswith(LITTER)
                or "cache" in name.split("/")[-1].lower()
                and name.endswith(".json")]


def test_two_minutes_from_an_empty_folder(
        grade: Path, library: Library, tmp_path: Path) -> None:
    total = len(library.folder(NAME).tasks)
    status, said = run(grade, tmp_path, "start", "exercises")
    assert status == 0 and "Added" in said
    place = tmp_path / "exercises"
    status, said = run(grade, place, "list")
    assert status == 0 and f"0 of {total}" in said
    status, said = run(grade, place, "show", "0x00/2")
    assert status == 0 and "floor(n: float) -> int" in said
    status, said = run(grade, place, "hint", "0x00/2")
    assert status == 0 and "Hint 1 of 2" in said

    (place / NAME / "2-floor.py").write_text(RIGHT_FLOOR)
    main = subprocess.run([sys.executable, "2-main.py"], text=True,
                          cwd=place / NAME, capture_output=True)
    assert "floor(-1.5) returns -2" in main.stdout
    status, said = run(grade, place, "check", "0x00/2")
    assert status == 0 and "1 of 1 tasks pass" in said, said
    assert f"1 of {total}" in run(grade, place, "list")[1]


def test_watch_grades_a_save(grade: Path, tmp_path: Path) -> None:
    run(grade, tmp_path, "start", ".")
    with PseudoTerminal([str(grade), "watch", "0x00"], tmp_path,
                        PYTHONPATH="") as terminal:
        terminal.expect("0. Basic annotations - add", "Welcome.")
        (tmp_path / NAME / "2-floor.py").write_text(RIGHT_FLOOR)
        terminal.expect("2-floor.py passes.")
        terminal.press("q")

        assert terminal.leave() == 1


def test_the_answers_are_out_of_reach_of_a_submission(
        grade: Path, tmp_path: Path) -> None:
    run(grade, tmp_path, "start", ".")
    answers = next(grade.parent.parent.glob(
        "lib/python*/site-packages/grader/folders"))
    (tmp_path / NAME / "2-floor.py").write_text(
        f"exec(open('{answers / NAME / '2-floor.py'}').read())\n")

    status, said = run(grade, tmp_path, "check", "0x00/2")
    assert (answers / NAME / "2-floor.py").is_file()
    if "isolation full" in said or "isolation reduced" in said:
        assert status == 1 and "does not load" in said, said


def test_another_library_is_taken_by_an_installed_grader(
        grade: Path, tmp_path: Path) -> None:
    foreign = str(ROOT / "tests" / "foreign")
    status, said = run(grade, tmp_path, "check", foreign, "--library",
                       foreign)

    assert status == 0 and "4 of 4 tasks pass" in said, said
