"""Whatever is wrong with a library, lint tells it.

That this library is sound is tried by `make check`.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.findings.finding import Finding
from grader.grading.grading import Grader
from grader.library import first
from grader.library.library import (
    Folder, Library, Task, load_folder, load_library)
from grader.lint import (
    Rule, anatomy, freshness, problems, soundness, statements)
from grader.suites.checks import Observed
from grader.suites.judge import Judged
from grader.suites.suite import read_suite, suite_of


@pytest.fixture
def copy(library: Library, tmp_path: Path) -> Path:
    """Return a copy of one folder to spoil."""
    source = library.folders[0].path
    return Path(shutil.copytree(
        source, tmp_path / source.name,
        ignore=shutil.ignore_patterns("__pycache__")))


def found(rule: Rule, path: Path) -> str:
    folder: Folder = load_folder(path)
    return "\n".join(rule(folder))


def test_a_missing_model_is_told(copy: Path) -> None:
    (copy / "0-add.py").unlink()

    assert "0-add.py" in found(anatomy.every_file_is_there, copy)


def test_an_undeclared_file_is_told(copy: Path) -> None:
    (copy / "notes.txt").write_text("")
    (copy / "checks" / "test_x.py").write_text("")

    said = found(anatomy.no_file_is_undeclared, copy)
    assert "notes.txt" in said
    assert "test_x.py" in said


def test_a_statement_without_its_heading_is_told(copy: Path) -> None:
    readme = copy / "README.md"
    readme.write_text(readme.read_text().replace("## 0. ", "## 55. "))

    assert "## 0. " in found(statements.statements_match, copy)


def test_an_answer_that_is_not_discussed_is_told(copy: Path) -> None:
    folder = load_folder(copy)
    notes = "\n\n".join(f"## {task.number}. {task.title}\n\nIt is short."
                        for task in folder.tasks)
    answers = copy / "answers.md"
    answers.write_text(notes)
    assert found(statements.answers_are_discussed, copy) == ""

    answers.write_text(notes.replace("## 0. ", "## 55. ") + notes)
    said = found(statements.answers_are_discussed, copy)
    assert "answers.md has '## 55. Basic" in said
    assert "answers.md has '## 1. Basic annotations - concat' twice" in said

    answers.write_text(notes.replace("## 0. ", "## 55. "))
    assert "answers.md lacks the heading '## 0. " in found(
        statements.answers_are_discussed, copy)


def test_a_folder_need_not_discuss_its_answers(copy: Path) -> None:
    (copy / "answers.md").unlink(missing_ok=True)

    assert found(statements.answers_are_discussed, copy) == ""


def test_a_single_hint_is_told(copy: Path) -> None:
    manifest = copy / "tasks.toml"
    text = manifest.read_text()
    start = text.index("hints = [")
    end = text.index("]", start)
    manifest.write_text(text[:start] + 'hints = ["One?"' + text[end:])

    assert "two hints" in found(anatomy.every_hint_says_something, copy)


def test_an_empty_suite_is_told(copy: Path) -> None:
    (copy / "checks" / "test_0_add.py").write_text('"""Nothing."""\n')

    assert "test_0_add.py" in found(anatomy.suites_hold_checks, copy)


def test_a_main_that_prints_something_else_is_told(copy: Path) -> None:
    (copy / "0-main.py").write_text("print('other')\n")

    assert "0-main.py" in found(statements.mains_print_what_is_shown, copy)


def test_a_file_that_cannot_be_run_is_told(copy: Path) -> None:
    (copy / "0-add.py").chmod(0o644)

    assert "0-add.py" in found(anatomy.scripts_are_executable, copy)


def test_tasks_of_two_files_together_are_told(copy: Path) -> None:
    manifest = copy / "tasks.toml"
    manifest.write_text(manifest.read_text().replace(
        "\nnumber = ", '\ntogether = "all"\nnumber = '))

    assert "task 1 is together with tasks of 0-add.py" in found(
        anatomy.tasks_together_share_a_file, copy)


def test_a_suite_that_cannot_be_read_is_told(copy: Path) -> None:
    (copy / "checks" / "test_0_add.py").write_text("def x(\n")

    assert "test_0_add.py, line 1: '(' was never closed" in found(
        anatomy.suites_hold_checks, copy)


def test_what_lacks_a_file_is_not_graded(copy: Path) -> None:
    (copy / "0-add.py").unlink()
    (copy / "checks" / "test_1_concat.py").unlink()
    (copy / "checks" / "test_2_floor.py").write_text("def x(\n")
    folder = load_folder(copy)

    assert [task.number for task in folder.tasks
            if anatomy.is_whole(folder, task)][:2] == [3, 4]


def test_a_check_that_passes_on_nothing_is_told(copy: Path) -> None:
    folder = load_folder(copy)
    failed = Judged(advice=(), finding=Finding(
        dimension="behaviour", check="x", cause="missing", message="m"))
    passed = Judged(advice=(), finding=None)

    def checks(task: Task, content: bytes) -> dict[str, Judged]:
        assert b"def" not in content
        return {"Add.test_a": failed, "Add.test_b": passed}

    said, = soundness.idle_checks(folder, folder.tasks[0], checks)
    assert said.startswith("0x00/0: Add.test_b passes on a file that")


SUITE = """\
from grader.kit import TaskCase


class Sums(TaskCase):
    file = "0-add.py"

    def test_adds_known_numbers(self) -> None:
        self.assertReturns(3, self.task.add, 1, 2)

    def test_adds_fresh_numbers(self) -> None:
        self.assertReturns({right}, self.task.add, {drawn}, 1)
"""


def seen(got: int) -> dict[str, Observed]:
    look = {"look": "load", "value": None}, {"look": "task.add",
                                             "value": None}
    return {f"Sums.test_adds_{name}_numbers": Observed(
        entries=(*look, {"look": "call", "value": {"int": str(value)}}))
        for name, value in (("known", 3), ("fresh", got))}


def measured(tmp_path: Path, drawn: str, got: list[int]
             ) -> freshness.Freshness:
    """Return how fresh a suite is whose model gives `got` to each seed."""
    path = tmp_path / "test_sums.py"
    path.write_text(SUITE.replace("{right}", f"{drawn} + 1")
                    .replace("{drawn}", drawn))
    suite = read_suite(path)
    recordings = [(str(seed), seen(each)) for seed, each in enumerate(got)]
    return freshness.measure(
        suite, freshness.fresh_checks(suite, recordings), recordings)


def test_what_is_the_same_in_every_run_can_be_known(tmp_path: Path) -> None:
    found = measured(tmp_path, "4", [5] * 8)

    assert (found.fresh, found.chance) == ((), 1.0)


def test_what_is_drawn_for_a_run_cannot_be_known(tmp_path: Path) -> None:
    found = measured(tmp_path, "int(self.seed)", [*range(1, 9)])

    assert found.fresh == ("Sums.test_adds_fresh_numbers",)
    assert found.chance == 0.0


# What is changed in a library that is sound, and what lint says of it.
FAULTS = [
    ("0-double.py", "2 * number", "3 * number",
     ["0-main.py does not print what README.md shows",
      "the model fails: double(21) should give 42, not 63"]),
    ("tasks.toml", "hints =",
     "starter = \"def double(number: int) -> int: ...\"\nhints =",
     ["the blank starter passes types"]),
    ("tasks.toml", '\n]\n', ']\nstarter_passes.types = "it is given"\n',
     ["starter_passes names types, which it fails"]),
    ("checks/test_0_double.py", "    def test_doubles_nothing",
     "    def test_idle(self) -> None: pass\n\n    def test_doubles_nothing",
     ["Double.test_idle passes on a file that defines nothing"]),
    ("checks/test_0_double.py", "self.random.randint(-999, 999)", "5",
     ["who knows the library passes in 30 of 30 runs",
      "a submission that answers from a table passes"]),
    ("tasks.toml", '\n]\n', ']\ncheck_hints.test_gone = ["Why?"]\n',
     ["check_hints names test_gone, which is no check"]),
    ("README.md", "", "", []),
]


def write_folder(folder: Path, number: int, name: str, old: str,
                 new: str) -> None:
    """Write a folder that is sound but for one change to one file."""
    for path, content in first.FILES.items():
        if "/" in path:
            file = folder / path.partition("/")[2]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content)
            file.chmod(0o755)
    assert old in (folder / name).read_text()
    (folder / name).write_text((folder / name).read_text().replace(
        old, new, 1))
    manifest = folder / "tasks.toml"
    manifest.write_text(manifest.read_text().replace(
        "order = 1", f"order = {number}").replace(
        '"first"', f'"step{number}"'))


def test_each_fault_is_told_of_its_own_folder_alone(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freshness, "SEEDS", freshness.SEEDS[:6])
    for number, (*change, _) in enumerate(FAULTS):
        write_folder(tmp_path / f"0{number}-steps", number, *change)

    told = problems(load_library(tmp_path))
    for number, (*_, says) in enumerate(FAULTS):
        of_it = [each.partition(": ")[2] for each in told if each.startswith(
            (f"0{number}-steps", f"step{number}/0"))]
        assert [said[:len(part)] for said, part in zip(
            of_it, says, strict=True)] == says


ITEMS = """\
from grader.kit import Failure, TaskCase


class Sums(TaskCase):
    file = "0-add.py"

    def test_adds_fresh_numbers(self) -> None:
        got = self.call(self.task.add, int(self.seed))
        {rule}
"""


@pytest.mark.parametrize("rule, is_fresh", [
    ("self.assertGot([float(self.seed)], got, 'add()')", True),
    ("self.assertHolds(not [1 for each in got if each != int(self.seed)],"
     " Failure('wrong'))", False),
    ("self.assertHolds(not got[0] > int(self.seed), Failure('wrong'))",
     False)], ids=["all", "of those that come", "no more than"])
def test_what_can_be_guessed_is_not_fresh(
        tmp_path: Path, rule: str, is_fresh: bool) -> None:
    path = tmp_path / "test_sums.py"
    path.write_text(ITEMS.replace("{rule}", rule))
    load, name = ({"look": each, "value": None}
                  for each in ("load", "task.add"))
    recordings = [
        (str(number), {"Sums.test_adds_fresh_numbers": Observed(
            entries=(load, name, {"look": "call", "value": {
                "list": [{"int": str(number)}]}}))})
        for number in range(8)]
    suite = read_suite(path)
    fresh = freshness.fresh_checks(suite, recordings)

    assert bool(fresh) == is_fresh
    assert freshness.measure(suite, fresh, recordings).chance == (
        0.0 if is_fresh else 1.0)


def test_an_advisory_check_that_is_none_is_told(copy: Path) -> None:
    manifest = copy / "tasks.toml"
    first, mark, rest = manifest.read_text().partition("[[task]]")
    task, second, others = rest.partition("[[task]]")
    manifest.write_text(f"{first}{mark}{task}[task.advisory]\n"
                        f"\"Add.test_gone\" = \"no\"\n\n{second}{others}")

    folder = load_folder(copy)
    told = soundness.idle_checks(folder, folder.tasks[0], lambda *_: {})
    assert [*told] == [
        "0x00/0: advisory names Add.test_gone, which is no check"]


def table_passes(grader: Grader, task: Task) -> bool:
    """Return whether what one run has seen is believed in another."""
    checks = suite_of(grader.library.folder(task.folder), task).checks
    return freshness.memorised_answer_passes(
        grader, task, grader.seen_of_model(task, "1", checks))


def test_a_table_of_right_answers_is_found_out(
        library: Library, grader: Grader) -> None:
    for selector in "0x00/2", "0x01/1", "python-decorators-0x01/4":
        task, = library.select([selector])

        assert not table_passes(grader, task)


def test_a_table_is_right_where_the_answer_is_constant(
        library: Library, grader: Grader) -> None:
    task, = library.select(["0x00/4"])

    assert table_passes(grader, task)
