"""Another course than ours, of which the grader knows no name."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.cli import main
from grader.library.library import load_library
from grader.lint import freshness
from grader.suites.bench import Bench
from grader.suites.suite import model_files
from grader.wall import forking
from grader.wall.forking import Purpose
from tests.mutants.__main__ import main as mutate

FOREIGN = Path(__file__).parents[1] / "foreign"
DEGREES, TESTS = "week-1-degrees", "week-0-tests"
Run = Callable[..., tuple[int, str]]

pytestmark = pytest.mark.usefixtures("kept_walls")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Call a command on the foreign library."""
    def called(*words: str | Path, library: Path = FOREIGN
               ) -> tuple[int, str]:
        status = main([*map(str, words), "--library", str(library)])
        said = capsys.readouterr()
        return status, said.out + said.err
    return called


@pytest.fixture(autouse=True)
def few_seeds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let lint measure less well what can be known of the inputs."""
    monkeypatch.setattr(freshness, "SEEDS", freshness.SEEDS[:3])


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Path]:
    """Return a copy of the course that a test may spoil.

    Its package is imported from there, as it is by another process.
    """
    _forget_package()
    yield shutil.copytree(FOREIGN, tmp_path / "course",
                          ignore=shutil.ignore_patterns("__pycache__"))
    _forget_package()


def _forget_package() -> None:
    for name in list(sys.modules):
        if name.partition(".")[0] == "almanac":
            del sys.modules[name]


@pytest.fixture
def workspace(tmp_path: Path, run: Run) -> Path:
    """Return a learner's workspace in which half of the tasks are done."""
    status, said = run("start", tmp_path / "ann")
    assert status == 0, said
    _forget_package()
    for name in (f"{DEGREES}/station/warmest.py", f"{TESTS}/test_rain.py"):
        shutil.copy(FOREIGN / name, tmp_path / "ann" / name)
    test = tmp_path / "ann" / TESTS / "test_rain.py"
    test.write_text(test.read_text().replace("[0.0, 7.0, 2.0]), 2",
                                             "[3.0]), 1"))
    return tmp_path / "ann"


def test_no_name_of_the_course_stands_in_the_grader() -> None:
    words = re.compile("almanac|celsius|wettest|warmest")
    for path in (FOREIGN.parent.parent / "grader").rglob("*.py"):
        assert not words.search(path.read_text("utf-8")), path


def test_it_is_sound(run: Run) -> None:
    status, said = run("lint")

    assert status == 0, said
    assert said.endswith("the library is sound\n")


def test_a_learner_works_in_it(workspace: Path, run: Run,
                               monkeypatch: pytest.MonkeyPatch) -> None:
    assert sorted(path.name for path in workspace.iterdir()) == [
        ".grade.json", "README.md", TESTS, DEGREES]
    assert (workspace / DEGREES / "station" / "readings.json").is_file()

    monkeypatch.chdir(workspace)
    status, said = run("check")
    assert status == 1
    assert "2. station/warmest.py" in said
    assert "catches 1 of 2 faults; it misses: wettest returns the driest" in (
        " ".join(said.split()))
    assert "2 of 4 tasks pass, 18 of 30 points" in said
    assert "x]   2  station/warmest.py" in run("list", "deg")[1]
    assert "returns the highest number" in run("show", "deg/2")[1]
    assert "How many" not in run("hint", "deg/1")[1]
    assert "(day for day in days" in run("answer", "deg/2")[1]

    monkeypatch.chdir(workspace / DEGREES)
    assert run("check", "station/warmest.py")[0] == 0
    assert run("check", "2", "--format", "json")[0] == 0


def test_it_says_which_neighbour_grades_a_folder(
        workspace: Path, course: Path, run: Run) -> None:
    with (course / "library.toml").open("a") as described:
        described.write('more = ["next"]\n')
    shutil.copytree(course / DEGREES, course / "next" / "week-7-winds")
    (workspace / "week-7-winds").mkdir()

    said = run("check", workspace, library=course)[1]
    assert said.endswith(
        "\nweek-7-winds: grade check --library next grades it\n")
    assert "winds" not in run("check", workspace, "--format", "json",
                              library=course)[1]
    assert "add --library next" in run(
        "show", "week-7-winds/2", library=course)[1]

    for folder in DEGREES, TESTS:
        shutil.rmtree(workspace / folder)
    assert "week-7-winds: grade check --library next" in run(
        "check", workspace, library=course)[1]


def test_its_points_are_weighed_as_it_says(workspace: Path,
                                           run: Run) -> None:
    answer = workspace / DEGREES / "1-celsius.py"
    answer.write_text("def celsius(fahrenheit):\n"
                      "    return (fahrenheit - 32) * 5 / 9\n")
    _, said = run("check", workspace, "deg/1", "--format", "json")

    task, = json.loads(said)["tasks"]
    assert task["dimensions"] == {"behaviour": "pass", "types": "fail"}
    assert (task["points"], task["max_points"]) == (3.0, 4)


@pytest.mark.parametrize("tier", ["full", "reduced", "none", "fresh"])
def test_every_tier_has_the_packages_of_its_suites(
        tier: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if tier == "fresh":
        monkeypatch.setattr(forking, "FORKS", False)
    library = load_library(FOREIGN)
    task, = library.select(["deg/1"])
    with forking.open_wall(tier.replace("fresh", "none"), Purpose(
            kinds=["suite"], packages=library.packages)) as wall:
        bench = Bench(wall, library.folder(DEGREES), task)
        remarks = bench.judge(model_files(bench.folder), "seed")

    assert (remarks.failures, remarks.error) == ((), None)


def test_a_cohort_is_graded_by_it(workspace: Path, tmp_path: Path,
                                  run: Run) -> None:
    (tmp_path / "class").mkdir()
    shutil.make_archive(str(tmp_path / "class" / "bob"), "zip", workspace)
    workspace.rename(tmp_path / "class" / "ann")
    status, said = run("cohort", tmp_path / "class", "--out",
                       tmp_path / "out", "--jobs", "1")

    assert status == 0, said
    assert "1 graded and 1 known" in said
    assert (tmp_path / "out" / "grades.csv").read_text().splitlines()[2:] == [
        "ann,18,30,10,2,0,6", "bob,18,30,10,2,0,6"]


def test_a_suite_of_it_runs_on_its_own() -> None:
    for suite in ("test_1_celsius.py", "test_warmest.py"):
        done = subprocess.run(
            [sys.executable, "-m", "unittest",
             f"{DEGREES}/checks/{suite}"], cwd=FOREIGN, text=True,
            capture_output=True)
        assert done.returncode == 0, done.stderr


def test_gradescope_gets_it_with_its_package(tmp_path: Path, workspace: Path,
                                             run: Run) -> None:
    kit = tmp_path / "kit.zip"
    assert run("export", "gradescope", "--output", kit)[0] == 0
    with zipfile.ZipFile(kit) as archive:
        archive.extractall(tmp_path / "kit")
    assert (tmp_path / "kit/grader/folders/almanac/days.py").is_file()

    done = subprocess.run(
        [sys.executable, "-I", "autograde.py", str(workspace),
         str(tmp_path / "results.json")], cwd=tmp_path / "kit", text=True,
        capture_output=True)
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results.json").read_text())
    assert (results["score"], len(results["tests"])) == (18.0, 4)


def test_its_mutants_are_judged(capsys: pytest.CaptureFixture[str]) -> None:
    assert mutate(["deg/1", "--library", str(FOREIGN)]) == 0
    assert "0 not explained; 0 checks never fail" in capsys.readouterr().out


def spoilt(course: Path, name: str, old: str, new: str) -> None:
    text = (course / name).read_text()
    assert old in text
    (course / name).write_text(text.replace(old, new, 1))


@pytest.mark.parametrize("name, old, new, says", [
    (f"{DEGREES}/tasks.toml", "order = 2", "order = ",
     rf"{DEGREES}/tasks.toml: Invalid value \(at line 2, column 9\)"),
    (f"{DEGREES}/tasks.toml", "number = 2", "number = 1",
     "two tasks have the number 1"),
    (f"{DEGREES}/tasks.toml", '"deg"', '"rain"',
     f"{TESTS} and {DEGREES} have one short name, rain"),
    ("library.toml", "support", "suport", "there is no key 'suport', but "),
    ("library.toml", '"almanac"', '"almanach"',
     "library.toml names the package almanach, which is not there"),
    ("library.toml", '"almanac"', '"json"',
     "library.toml names the package json"),
    ("almanac/__init__.py", '"""', 'import nowhere_at_all\n"""',
     "the support package does not load: almanac: No module named "),
])
def test_a_bad_library_is_named_in_a_line(
        course: Path, workspace: Path, run: Run, name: str, old: str,
        new: str, says: str) -> None:
    spoilt(course, name, old, new)

    status, said = run("check", workspace, library=course)
    assert status == 3
    what, todo = said.splitlines()
    assert re.search(says, what), what


def test_its_own_tasks_are_the_examples_of_messages(run: Run) -> None:
    assert "a task as in rain/1" in run("check", "/no/such/folder")[1]


def test_no_library_is_a_wrong_call(run: Run, tmp_path: Path) -> None:
    for path, says in ((tmp_path / "nowhere", "is no folder"),
                       (tmp_path, "is no library: no folder in it has a")):
        status, said = run("list", library=path)
        assert status == 2
        assert says in said


def test_a_suite_that_does_not_load_costs_its_task_alone(
        course: Path, workspace: Path, run: Run) -> None:
    suite = f"{DEGREES}/checks/test_1_celsius.py"
    spoilt(course, suite, "from alm", "import nowhere_at_all\nfrom alm")
    shutil.copy(course / DEGREES / "1-celsius.py", workspace / DEGREES)

    status, said = run("check", workspace, "deg", library=course)
    assert status == 3
    assert ("the grader could not tell: checks/test_1_celsius.py does not "
            "load: No module named 'nowhere_at_all'") in " ".join(said.split())
    assert "pass  2. station/warmest.py" in said


def test_a_package_that_is_not_installed_fails_no_learner(
        course: Path, workspace: Path, run: Run) -> None:
    spoilt(course, f"{DEGREES}/tasks.toml", "order = 2",
           'order = 2\npackages = ["nowhere_at_all.tools"]\n'
           'extra = "weather"')

    status, said = run("check", workspace, "deg/2", library=course)
    assert status == 3
    assert ("the grader could not tell: nowhere_at_all is not installed here:"
            " pip install 'fundamentals-grader[weather]'") in (
        " ".join(said.split()))


def test_a_folder_without_statements_is_told(course: Path, run: Run) -> None:
    (course / DEGREES / "README.md").unlink()

    status, said = run("show", "deg/1", library=course)
    assert (status, said.splitlines()[0]) == (
        3, f"grade: {DEGREES} has no README.md")


def test_lint_tells_what_does_not_load_and_what_is_not_there(
        course: Path, run: Run) -> None:
    shutil.rmtree(course / TESTS)
    (course / DEGREES / "README.md").unlink()
    (course / "almanac" / "moons.py").write_text("1 / 0\n")
    spoilt(course, f"{DEGREES}/checks/test_1_celsius.py", "from alm",
           "import nowhere_at_all\nfrom alm")

    status, said = run("lint", library=course)
    assert status == 1
    assert f"{DEGREES}: there is no README.md" in said
    assert "almanac.moons does not load: ZeroDivisionError" in said
    assert "checks/test_1_celsius.py does not load: No module" in said


def test_a_new_library_is_sound(tmp_path: Path, run: Run,
                                capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "own")]) == 0
    assert "grade lint --library" in capsys.readouterr().out
    assert run("lint", library=tmp_path / "own")[0] == 0
    assert run("check", tmp_path / "own", library=tmp_path / "own")[0] == 0
    assert main(["new", str(tmp_path / "own")]) == 2
