"""The wheel, installed elsewhere: it has all that a learner needs."""

from __future__ import annotations

import os
import shutil
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
    packages = next(place.glob("lib/python*/site-packages"))
    (packages / "dependencies.pth").write_text(
        "\n".join(site.getsitepackages()) + "\n")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps",
         "--no-index", "--ignore-installed", "--prefix", str(place),
         str(wheel)], check=True, capture_output=True)
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


@pytest.fixture(scope="module")
def exercises(grade: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a workspace that the installed grader has written."""
    place = tmp_path_factory.mktemp("learner")
    status, said = run(grade, place, "start", "exercises")
    assert status == 0 and "Added" in said
    return place / "exercises"


def test_watch_grades_a_save_by_another_library(
        grade: Path, tmp_path: Path) -> None:
    foreign = ROOT / "tests" / "foreign"
    status, said = run(grade, tmp_path, "start", ".", "--library",
                       str(foreign))
    assert status == 0, said
    with PseudoTerminal([str(grade), "watch", "deg", "--library",
                         str(foreign)], tmp_path,
                        PYTHONPATH="") as terminal:
        terminal.expect("week-1-degrees/1-celsius.py", "Welcome.")
        shutil.copy(foreign / "week-1-degrees" / "1-celsius.py",
                    tmp_path / "week-1-degrees")
        terminal.expect("1-celsius.py passes")
        terminal.press("q")

        assert terminal.leave() == 1


def test_two_minutes_from_an_empty_folder(
        grade: Path, library: Library, exercises: Path) -> None:
    total = len(library.folder(NAME).tasks)
    status, said = run(grade, exercises, "list")
    assert status == 0 and f"0 of {total}" in said
    status, said = run(grade, exercises, "show", "0x00/2")
    assert status == 0 and "floor(n: float) -> int" in said
    status, said = run(grade, exercises, "hint", "0x00/2")
    assert status == 0 and "Hint 1 of 2" in said

    (exercises / NAME / "2-floor.py").write_text(RIGHT_FLOOR)
    main = subprocess.run([sys.executable, "2-main.py"], text=True,
                          cwd=exercises / NAME, capture_output=True)
    assert "floor(-1.5) returns -2" in main.stdout
    # The answers are out of reach of a submission.
    answers = next(grade.parent.parent.glob(
        "lib/python*/site-packages/grader/folders"))
    assert (answers / NAME / "0-add.py").is_file()
    (exercises / NAME / "0-add.py").write_text(
        f"exec(open('{answers / NAME / '0-add.py'}').read())\n")
    status, said = run(grade, exercises, "check", "0x00/0", "0x00/2")
    assert "pass  2-floor.py" in said
    if "isolation full" in said or "isolation reduced" in said:
        assert status == 1 and "does not load" in said, said
        assert "1 of 2 tasks pass" in said
        assert f"1 of {total}" in run(grade, exercises, "list")[1]
