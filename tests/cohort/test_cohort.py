"""Cohorts: nothing lost, nothing twice, and no death is the end."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.cohort import (
    baseline, closing, crew as crew_module, fingerprint, run as run_module)
from grader.cohort.archives import Unpacker
from grader.cohort.closing import Account
from grader.cohort.crew import Graded, LocalCrew, Results
from grader.cohort.fingerprint import library_digest, submission_key
from grader.cohort.ledger import RESULTS
from grader.cohort.run import Cohort, grade
from grader.cohort.sources import find
from grader.cohort.taking import take
from grader.cohort.worker import Job, tasks_of
from grader.errors import GraderError, UserError
from grader.inside.likeness import phrasing
from grader.library.library import Library, Task, load_library
from grader.submission.submission import Submission
from tests.cohort.test_sources import FOLDER, learner, packed
from tests.conftest import RIGHT_FLOOR
from tests.helpers import reports, servers
from tests.helpers.herecrew import HereCrew
from tests.tools.stopwatch import ROOT

pytestmark = pytest.mark.usefixtures("digest_once")


class FakeCrew:
    """Grades at once, in this process.

    All that is there passes, but for the tasks and learners named.
    """

    tier = "none"

    def __init__(self, broken: Sequence[str] = ()) -> None:
        self.graded: list[str] = []
        self.jobs: list[Job] = []
        self._broken = broken

    def grade(self, jobs: Iterable[Job]) -> Results:
        for job in jobs:
            name = job.submission.name
            self.graded.append(name)
            self.jobs.append(job)
            yield None
            if name in self._broken:
                yield Graded(job, None, "it broke")
            else:
                yield Graded(job, reports.report(name=name, *(
                    self._verdict(each, job.submission) for each
                    in tasks_of(_library(), job.tasks))))

    def _verdict(self, task: Task, submission: Submission) -> dict[str, Any]:
        if not submission.folders:
            return reports.task(
                task.number, "fail", 0.0, task.folder, failures=[
                    reports.failure(submission.missing(task),
                                    cause="missing")])
        return reports.task(task.number, folder=task.folder, status="error"
                            if task.id in self._broken else "pass")

    def running(self) -> Sequence[tuple[str, float]]:
        return [(name, 60.0) for name in self.graded[-1:]]

    def close(self) -> None:
        pass


@cache
def _library() -> Library:
    return load_library()


@pytest.fixture
def cohort(tmp_path: Path, library: Library) -> Cohort:
    """Return four submissions, two of them of like content."""
    for name in ("ada", "bob", "cyd", "dan"):
        learner(tmp_path / "class" / name,
                RIGHT_FLOOR + f"# {name.replace('dan', 'ada')}\n")
    found = find([tmp_path / "class"], library.names).found
    return Cohort(sources=found, library=library,
                  tasks=library.select(["0x00/2"]), out=tmp_path / "out")


def run(cohort: Cohort, *broken: str) -> tuple[Account, list[str]]:
    crew = FakeCrew(broken)
    return grade(cohort, crew, lambda pace: None), crew.graded


def on(cohort: Cohort, *tasks: str, sources: slice = slice(None)) -> Cohort:
    """Return the cohort with other tasks, or fewer submissions."""
    return replace(cohort, tasks=cohort.library.select(tasks),
                   sources=cohort.sources[sources])


def again(cohort: Cohort, folder: Path) -> Cohort:
    """Return the cohort as a later run finds it in a folder."""
    return replace(cohort, sources=find(
        [folder], cohort.library.names, cohort.out).found)


def table(cohort: Cohort) -> list[list[str]]:
    with (cohort.out / "grades.csv").open() as file:
        return list(csv.reader(file))


def closing_lines(account: Account) -> str:
    return "\n".join(closing.lines(account, "none"))


def results(cohort: Cohort) -> dict[str, Any]:
    lines = (cohort.out / RESULTS).read_text().splitlines()
    records = [json.loads(line) for line in lines]
    assert len({each["submission"] for each in records}) == len(records)
    return {each["submission"]: each for each in records}


def test_a_caution_is_the_last_word(cohort: Cohort) -> None:
    account, _ = run(cohort)
    new = reports.report(name="ada") | {"caution": "take care"}
    for _ in range(2):
        account.note(None, new, new)
    assert closing_lines(account).splitlines()[1:] == ["take care"]


def test_every_submission_has_one_line_and_one_row(cohort: Cohort) -> None:
    run(cohort)

    assert sorted(results(cohort)) == ["ada", "bob", "cyd", "dan"]
    rows = table(cohort)
    assert rows[:3] == [["submission", "score", "max", "0x00/2"],
                        ["points possible", "10", "10", "10"],
                        ["ada", "10", "10", "10"]]
    assert len(rows) == 6


def test_a_second_run_grades_nothing(cohort: Cohort) -> None:
    run(cohort)
    before = (cohort.out / RESULTS).read_bytes()
    done, graded = run(cohort)

    assert graded == []
    assert done.pace.served == done.pace.done == 4
    assert (cohort.out / RESULTS).read_bytes() == before


def test_like_content_is_graded_once(cohort: Cohort) -> None:
    assert run(cohort)[1] == ["ada", "bob", "cyd"]
    assert results(cohort)["dan"]["score"] == {"points": 10.0, "max": 10.0}


def test_what_changed_is_graded_again(cohort: Cohort) -> None:
    run(cohort)
    file = cohort.sources[1].path / FOLDER / "2-floor.py"
    file.write_text(file.read_text() + "# changed\n")

    assert run(cohort)[1] == ["bob"]
    assert len(results(cohort)) == 4


def test_a_run_that_stopped_goes_on_where_it_was(cohort: Cohort) -> None:
    run(cohort)
    path = cohort.out / RESULTS
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:40])

    assert run(cohort)[1] == ["bob", "cyd"]
    assert len(results(cohort)) == 4


def test_an_error_blames_nobody_and_is_tried_again(cohort: Cohort) -> None:
    done, _ = run(cohort, "bob")

    task, = results(cohort)["bob"]["tasks"]
    assert task["status"] == "error"
    assert "it broke" in task["failures"][0]["message"]
    assert table(cohort)[3] == ["bob", "", "10", ""]
    assert (done.pace.graded, done.pace.errors) == (2, 1)
    assert "1 could not be judged: bob (it broke); run the same" in (
        closing_lines(done))
    assert run(cohort)[1] == ["bob"]
    assert table(cohort)[3] == ["bob", "10", "10", "10"]


def test_an_archive_that_is_refused_does_not_stop_the_rest(
        cohort: Cohort, tmp_path: Path) -> None:
    (tmp_path / "class" / "bad.zip").write_bytes(b"no")
    more = again(cohort, tmp_path / "class")
    run(more)

    task, = results(more)["bad"]["tasks"]
    assert (task["status"], task["failures"][0]["cause"]) == (
        "fail", "refused")
    assert len(results(more)) == 5


def test_another_set_of_tasks_is_merged_into_what_is_there(
        cohort: Cohort) -> None:
    run(cohort)
    _, graded = run(on(cohort, "0x00/0", "0x00/1"))
    assert graded == ["ada", "bob", "cyd"]
    done, graded = run(on(cohort, "0x01/0", "0x00/0", sources=slice(1)))

    assert graded == ["ada"]
    assert done.older == {}
    assert table(cohort)[:4] == [
        ["submission", "score", "max", "0x00/0", "0x00/1", "0x00/2",
         "0x01/0"],
        ["points possible", "40", "40", "10", "10", "10", "10"],
        ["ada", "40", "40", "10", "10", "10", "10"],
        ["bob", "30", "30", "10", "10", "10", ""]]


def test_only_the_tasks_that_are_not_known_are_graded(
        cohort: Cohort) -> None:
    run(on(cohort, "0x00/0", "0x00/1"))
    crew = FakeCrew()
    grade(on(cohort, "0x00/0", "0x00/2"), crew, lambda pace: None)

    # The fourth is like the first, and has its verdicts task by task.
    assert [(job.submission.name, job.tasks) for job in crew.jobs] == [
        (name, ("0x00/2",)) for name in ("ada", "bob", "cyd")]
    assert table(cohort)[5] == ["dan", "30", "30", "10", "10", "10"]


def test_what_was_not_asked_for_again_is_said_to_be_of_an_earlier_state(
        cohort: Cohort) -> None:
    run(on(cohort, "0x00/0", "0x00/1", "0x00/2"))
    change(cohort, 1)
    done, graded = run(on(cohort, "0x00/0"))

    assert graded == ["bob"]
    assert done.older == {"bob": 2}
    assert ("an earlier state of the submission or the library: 2 results"
            " of 1 submission; without") in closing_lines(done)
    record = results(cohort)["bob"]
    assert set(record["older"]) == {"0x00/1", "0x00/2"}
    assert run(on(cohort, "0x00/1"))[1] == ["bob"]
    assert run(on(cohort, "0x00"))[0].older == {}


def change(cohort: Cohort, number: int, text: str = "# changed\n") -> None:
    file = cohort.sources[number].path / FOLDER / "2-floor.py"
    file.write_text(file.read_text() + text)


def test_a_state_that_comes_back_has_its_verdicts_back(
        cohort: Cohort) -> None:
    three = on(cohort, "0x00/0", "0x00/1", "0x00/2")
    run(three)
    change(cohort, 1)
    run(on(cohort, "0x00/0"))
    file = cohort.sources[1].path / FOLDER / "2-floor.py"
    file.write_text(file.read_text().removesuffix("# changed\n"))

    assert run(on(cohort, "0x00/1"))[1] == []
    assert set(results(cohort)["bob"]["older"]) == {"0x00/0"}


def test_an_error_never_takes_the_place_of_a_verdict(
        cohort: Cohort) -> None:
    run(cohort)
    before = table(cohort)
    change(cohort, 1)
    done, _ = run(cohort, "bob")

    assert table(cohort) == before
    assert results(cohort)["bob"]["trouble"] == "it broke"
    assert (done.pace.graded, done.pace.errors) == (0, 1)
    said = closing_lines(done)
    assert "1 submission could not be judged again" in said
    assert "bob (it broke); run the same command again; grade doctor" in said
    assert "it could not be judged again" in (
        cohort.out / "report.html").read_text()
    done, graded = run(cohort)
    assert graded == ["bob"]
    assert "trouble" not in results(cohort)["bob"]


def test_an_error_in_one_task_leaves_the_others_their_new_verdicts(
        cohort: Cohort) -> None:
    two = on(cohort, "0x00/0", "0x00/2")
    run(two)
    change(cohort, 1)
    run(two, "0x00/0")

    record = results(cohort)["bob"]
    assert set(record["older"]) == {"0x00/0"}
    assert [each["status"] for each in record["tasks"]] == ["pass", "pass"]
    crew = FakeCrew()
    grade(two, crew, lambda pace: None)
    assert [job.tasks for job in crew.jobs] == [("0x00/0",)]
    assert "older" not in results(cohort)["bob"]


def test_a_folder_that_cannot_be_taken_in_keeps_its_grades(
        cohort: Cohort, tmp_path: Path) -> None:
    run(cohort)
    ann = tmp_path / "class" / "bob"
    shutil.move(ann, tmp_path / "elsewhere")
    ann.symlink_to(tmp_path / "elsewhere")
    done, _ = run(again(cohort, tmp_path / "class"))

    assert table(cohort)[3] == ["bob", "10", "10", "10"]
    assert done.kept[0][0] == "bob"
    ann.unlink()
    shutil.move(tmp_path / "elsewhere", ann)
    done, graded = run(again(cohort, tmp_path / "class"))
    assert (graded, done.kept, done.pace.served) == ([], [], 4)
    assert "trouble" not in results(cohort)["bob"]


def test_a_folder_that_is_refused_is_settled_where_nothing_else_was(
        cohort: Cohort, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "class" / "eve").mkdir()
    (tmp_path / "class" / "eve" / FOLDER).symlink_to(tmp_path)
    cohort = again(cohort, tmp_path / "class")
    run(cohort)
    done, graded = run(cohort)
    assert (graded, done.kept, done.pace.served) == ([], [], 5)

    monkeypatch.setattr(fingerprint, "library_digest",
                        lambda library, tier: "another version")
    done, graded = run(cohort)
    assert ("eve" in graded, done.kept) == (True, [])


def test_what_cannot_be_taken_in_is_not_just_to_be_tried_again(
        cohort: Cohort, tmp_path: Path) -> None:
    shutil.move(tmp_path / "class" / "bob", tmp_path / "bob")
    (tmp_path / "class" / "2-floor.py").write_text(RIGHT_FLOOR)
    done, _ = run(again(cohort, tmp_path / "class"), "cyd")
    _, first, second, *_ = closing_lines(done).splitlines()

    assert first == ("1 could not be judged: cyd (it broke); run the same"
                     " command again")
    assert second == (
        "1 could not be taken in: 2-floor.py (2-floor.py is a single file,"
        " outside of any task folder; put it into its task folder, in a"
        " folder of the learner's); set that right, and run the same command"
        " again")


def deny(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let nothing look into a folder, as its mode would but for root."""
    def refusing(real: Callable[..., Any], least: int) -> Callable[..., Any]:
        def refuse(path: Any = ".", *more: Any, **options: Any) -> Any:
            if isinstance(path, (str, Path)) and (
                    Path(path).is_relative_to(folder)) and len(
                        Path(path).parts) >= len(folder.parts) + least:
                raise PermissionError(13, "Permission denied", str(path))
            return real(path, *more, **options)
        return refuse

    for name, least in (("stat", 1), ("lstat", 1), ("scandir", 0),
                        ("listdir", 0), ("open", 0)):
        patch.setattr(os, name, refusing(getattr(os, name), least))


def test_a_folder_that_cannot_be_read_costs_only_itself(
        cohort: Cohort, tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch) -> None:
    run(on(cohort, "0x00/2", sources=slice(1)))
    (tmp_path / "list.txt").write_text("class/ada\nclass/bob\nclass/cyd\n")
    with monkeypatch.context() as patch:
        deny(patch, tmp_path / "class" / "ada")
        deny(patch, tmp_path / "class" / "bob")
        alone = again(cohort, tmp_path / "list.txt")
        done, graded = run(again(cohort, tmp_path / "class"))

    assert [each.name for each in alone.sources] == ["ada", "bob", "cyd"]
    # The fourth is like the first, whose results are there.
    assert graded == ["cyd"]
    assert [name for name, _ in done.kept] == ["ada"]
    why = "bob cannot be read: Permission denied; give yourself the right"
    (name, said), = done.ungraded
    assert (name, said.startswith(why)) == ("bob", True)
    assert [row[-1] for row in table(cohort)[2:]] == ["10", "", "10", "10"]


def test_a_folder_that_has_become_empty_keeps_its_grades(
        cohort: Cohort, tmp_path: Path) -> None:
    (tmp_path / "class" / "eve").mkdir()
    run(cohort)
    shutil.rmtree(tmp_path / "class" / "bob" / FOLDER)
    done, graded = run(again(cohort, tmp_path / "class"))

    assert graded == ["eve"]
    assert done.kept == [("bob", "there is nothing at all any more")]
    assert [row[-1] for row in table(cohort)[3:]] == ["10", "10", "10", "0"]
    done, graded = run(again(cohort, tmp_path / "class"))
    assert (graded, done.pace.served, done.pace.errors) == ([], 4, 1)


def test_an_archive_that_has_become_empty_keeps_its_grades(
        cohort: Cohort, tmp_path: Path) -> None:
    folder = tmp_path / "archives"
    folder.mkdir()
    for name in "ada.zip", "eve.zip":
        packed(folder / name, tmp_path / "class" / "ada", "ada")
    (folder / "eve.zip").write_bytes(b"")
    cohort = again(cohort, folder)
    assert run(cohort)[0].fewer == []
    (folder / "ada.zip").write_bytes(b"")
    done, _ = run(cohort)

    assert [name for name, _ in done.kept] == ["ada"]
    assert [row[-1] for row in table(cohort)[2:]] == ["10", "0"]
    assert "ada (ada.zip " in closing_lines(done)


def test_points_that_are_lost_are_said(cohort: Cohort,
                                       tmp_path: Path) -> None:
    run(cohort)
    shutil.rmtree(tmp_path / "class" / "bob" / FOLDER)
    (tmp_path / "class" / "bob" / "notes.md").write_text("")
    done, _ = run(cohort)

    assert table(cohort)[3] == ["bob", "0", "10", "0"]
    assert done.fewer == [("bob", "10 -> 0")]
    assert "fewer points than before: bob (10 -> 0)" in closing_lines(done)
    failure, = results(cohort)["bob"]["tasks"][0]["failures"]
    assert failure["message"] == (
        f"the folder {FOLDER} is not there; there is notes.md")


def test_all_that_is_handed_in_has_a_row(
        cohort: Cohort, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    shutil.rmtree(folder)
    for name, content in {
            "rar.rar": b"Rar!\x1a\x07\0", "renamed.zip": b"Rar!\x1a\x07\0",
            "seven.7z": b"7z", "zst.tar.zst": b"", "one.gz": b"\x1f\x8b",
            "eve.py": b"", "essay.pdf": b"%PDF",
            "essay.docx": b"PK\x03\x04"}.items():
        folder.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    (folder / "nowhere").symlink_to("missing")
    (folder / "outward").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    learner(folder / "two" / "one")
    learner(folder / "two" / "other")
    learner(folder / "deep" / "a" / "b")
    (folder / "empty").mkdir()
    packed(folder / "moodle.tgz", learner(tmp_path / "x"), "repo")
    (folder / "fay").mkdir()
    shutil.copy(folder / "moodle.tgz", folder / "fay" / "work.tgz")
    done, graded = run(again(cohort, folder))

    said = {name: (task["status"], task["failures"][0]["message"])
            for name, record in results(cohort).items()
            for task in record["tasks"] if task["failures"]}
    # All of like content, so that one is graded for all of them.
    assert results(cohort).keys() - said.keys() == {"deep", "fay", "moodle"}
    assert graded == ["deep", "empty"]
    for name, words in {
            "rar": "rar.rar is a RAR archive, which grade does not open; unp",
            "renamed": "renamed.zip is a RAR archive",
            "seven": "seven.7z is a 7z archive",
            "zst": "zst.tar.zst is a Zstandard archive",
            "one": "one.gz is one packed file",
            "eve.py": "eve.py is a single file",
            "essay.pdf": "essay.pdf is neither a folder nor an archive",
            "essay.docx": "essay.docx is neither a folder nor an archive",
            "nowhere": "nowhere is a symbolic link that leads nowhere",
            "outward": "outward is a symbolic link that leads out",
            "pipe": "pipe is neither a file nor a folder",
            "two": "two holds several submissions: one, other; name that",
            }.items():
        status, message = said.pop(name)
        assert (status, words in message) == ("error", True), message
    assert said == {"empty": ("fail", f"the folder {FOLDER} is not there;"
                              " there is nothing at all")}
    assert len(done.ungraded) == 12


def test_a_forged_report_costs_only_itself(cohort: Cohort) -> None:
    class Forged(FakeCrew):
        def grade(self, jobs: Iterable[Job]) -> Results:
            for result in super().grade(jobs):
                if result and result.data and (
                        result.job.submission.name == "bob"):
                    result.data["tasks"][0] |= {
                        "status": "fail", "points": 0.0, "failures": [
                            reports.failure(line=10 ** 4000)]}
                yield result

    done = grade(cohort, Forged(), lambda pace: None)

    assert done.ungraded == [("bob", "its report makes no sense")]
    assert "000000" not in (cohort.out / "report.html").read_text()
    assert table(cohort)[3:5] == [["bob", "", "10", ""],
                                  ["cyd", "10", "10", "10"]]


def test_names_stay_when_another_comes_or_leaves(
        cohort: Cohort, tmp_path: Path) -> None:
    for name in ("ann", "ben"):
        learner(tmp_path / name / "alx", f"{RIGHT_FLOOR}# {name}\n")
    listed = replace(cohort, sources=find(
        [tmp_path / "ann" / "alx", tmp_path / "ben" / "alx"],
        cohort.library.names).found)
    done, _ = run(listed)
    before = table(cohort)

    assert [row[0] for row in before[2:]] == ["ann/alx", "ben/alx"]
    assert "have the same name: ann/alx, ben/alx" in closing_lines(done)
    _, graded = run(on(listed, "0x00/2", sources=slice(1, 2)))
    assert (graded, table(cohort)) == ([], before)


def test_a_class_that_was_moved_finds_its_results(
        cohort: Cohort, tmp_path: Path) -> None:
    run(cohort)
    before = table(cohort)
    shutil.move(tmp_path / "class", tmp_path / "lessons" / "spring")
    done, graded = run(again(cohort, tmp_path / "lessons" / "spring"))

    assert (graded, done.pace.served, table(cohort)) == ([], 4, before)
    assert results(cohort)["ada"]["source"] == "../lessons/spring/ada"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"),
                    reason="names are text there")
def test_names_that_are_no_text_are_names_all_the_same(
        cohort: Cohort, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    for name in (b"ann lee", b"ann\tlee", b"ann\xfflee", b"n" * 240 + b"a",
                 b"n" * 240 + b"b", b"=1+1", b"'=1+1", b"two\nlines"):
        learner(folder / os.fsdecode(name))
    more = again(cohort, folder)
    run(more)
    run(more)

    assert len(table(cohort)) == 2 + 12
    assert len({row[0] for row in table(cohort)}) == 2 + 12
    assert max(len(row[0]) for row in table(cohort)) <= 151
    assert "ann\\xfflee" in results(cohort)


def test_the_same_results_give_the_same_bytes(cohort: Cohort) -> None:
    done = []
    for seed in ("1", "2"):
        subprocess.run(
            [sys.executable, "-c", WRITE, str(cohort.out)], check=True,
            env=os.environ | {"PYTHONHASHSEED": seed,
                              "PYTHONPATH": str(ROOT)})
        done.append([(cohort.out / name).read_bytes()
                     for name in ("grades.csv", "report.html")])

    assert done[0] == done[1]


WRITE = """\
import sys
from pathlib import Path
from grader.cohort.gradestable import Grades
from grader.cohort.ledger import Ledger
from grader.cohort.run import write_reports
from grader.library.library import load_library
from tests.helpers import reports

causes = sorted({"wrong", "broken", "timeout", "memory", "crashed", "exited"})
library = load_library()
grades = Grades(library.tasks, library.tasks)
with Ledger(Path(sys.argv[1]), grades.add) as ledger:
    for number in range(60):
        ledger.append(reports.report(reports.task(
            1, "fail", 0.0, failures=[reports.failure(
                f"{cause} {number}", cause=cause) for cause in causes]),
            name=f"learner{number}"))
    write_reports(Path(sys.argv[1]), grades, ledger)
"""


def test_the_reports_are_there_before_the_end(
        cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "REPORT_SECONDS", 0.0)
    monkeypatch.setattr(run_module, "_REST", 0)
    rows: list[int] = []

    class Looking(FakeCrew):
        def running(self) -> Sequence[tuple[str, float]]:
            path = cohort.out / "grades.csv"
            rows.append(len(table(cohort)) if path.exists() else 0)
            if rows[-1] > 2:
                assert '"ada"' in (cohort.out / "report.html").read_text()
            return super().running()

    seen: list[tuple[str, float]] = []
    grade(cohort, Looking(), lambda pace: seen.extend(pace.running))

    assert sorted(set(rows)) == [0, 2, 3, 4, 5]
    assert ("bob", 60.0) in seen


def test_before_the_end_what_is_given_is_no_copy_either(
        cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "REPORT_SECONDS", 0.0)
    monkeypatch.setattr(run_module, "_REST", 0)
    longest = max((path.read_text() for folder in cohort.library.folders
                   for path in folder.path.glob("*.py")), key=len)
    likeness = {"form": "a" * 16, "wording": phrasing.marks(longest)}
    pages: set[str] = set()

    class Looking(FakeCrew):
        def _verdict(self, task: Task,
                     submission: Submission) -> dict[str, Any]:
            return super()._verdict(task, submission) | {"likeness": likeness}

        def running(self) -> Sequence[tuple[str, float]]:
            path = cohort.out / "report.html"
            pages.update([path.read_text()] if path.exists() else [])
            return super().running()

    grade(cohort, Looking(), lambda pace: None)

    assert any('"bob"' in page for page in pages)
    assert all('"groups":[]' in page for page in pages)


def test_a_key_depends_on_all_that_judges(cohort: Cohort) -> None:
    library = cohort.library
    fewer = replace(library, folders=library.folders[:1])
    prints = [library_digest(library, "full"),
              library_digest(library, "reduced"),
              library_digest(fewer, "full")]
    unpacker = Unpacker("none", library.names)
    keys = {submission_key(take(source, library, unpacker), each)
            for source in cohort.sources for each in prints}

    assert len(keys) == 9
    assert prints[0] == library_digest(library, "full")


def test_another_version_of_a_tool_is_another_judge(
        cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    library = cohort.library
    before = library_digest(library, "full")
    monkeypatch.setattr(fingerprint, "version", lambda name: "0.0")

    assert library_digest(library, "full") != before


def jobs(cohort: Cohort, *names: str) -> list[Job]:
    submission = take(cohort.sources[0], cohort.library,
                      Unpacker("none", cohort.library.names))
    return [Job(submission.__class__(name=name, folders={}), name, ())
            for name in names]


def crew(serve: Any, count: int = 2) -> LocalCrew:
    options: Any = servers.Bare("none")
    return LocalCrew(options, count, serve)


def test_a_dead_worker_costs_a_retry_and_a_killer_only_itself(
        cohort: Cohort, tmp_path: Path) -> None:
    names = ["a", "once", "b", "killer", "c", "d"]
    log = tmp_path / "log"
    with crew(partial(servers.pretend, log)) as workers:
        graded = {each.job.key: each.data for each in
                  workers.grade(jobs(cohort, *names)) if each}

    assert sorted(graded) == sorted(names)
    assert [name for name in names if graded[name] is None] == ["killer"]
    seen = log.read_text().splitlines()
    assert [seen.count(name) for name in names] == [1, 2, 1, 2, 1, 1]


def test_jobs_are_taken_only_as_workers_are_free(
        cohort: Cohort, tmp_path: Path) -> None:
    taken: list[str] = []
    names = [str(number) for number in range(8)]

    def feed() -> Iterable[Job]:
        for job in jobs(cohort, *names):
            taken.append(job.key)
            yield job

    with crew(partial(servers.pretend, tmp_path / "log")) as workers:
        results = filter(None, workers.grade(feed()))
        for done, _ in enumerate(results, start=1):
            assert len(taken) <= done + 2
    assert len(taken) == 8


def test_isolation_that_cannot_be_had_is_said_before_all() -> None:
    with pytest.raises(UserError, match="no isolation"):
        crew(servers.refuse)
    with pytest.raises(GraderError, match="did not start"):
        crew(servers.die_at_once)


def command(out: Path, *paths: Path) -> list[str]:
    return [*map(str, paths), "--out", str(out), "--task", "0x00/2",
            "--jobs", "1"]


def test_a_killed_run_loses_nothing_and_grades_nothing_twice(
        tmp_path: Path, kept_walls: None, monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str]) -> None:
    for number in range(8):
        learner(tmp_path / "class" / f"learner{number:02}",
                RIGHT_FLOOR + f"# {number}\n")
    out = tmp_path / "out"
    words = ["cohort", *command(out, tmp_path / "class")]
    process = subprocess.Popen(
        [sys.executable, "-m", "grader", *words],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and lines(out) < 3:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = lines(out)
    assert 3 <= kept < 8

    monkeypatch.setattr(crew_module, "LocalCrew", HereCrew)
    for known in kept, 8:
        assert main(words) == 0
        assert f"{8 - known} graded and {known} known of 8" in (
            capsys.readouterr().out)
        assert lines(out) == 8
    grades = (out / "grades.csv").read_text().splitlines()
    assert {row.partition(",")[2] for row in grades[2:]} == {"10,10,10"}


def lines(out: Path) -> int:
    path = out / RESULTS
    return path.read_bytes().count(b"\n") if path.exists() else 0


def test_a_baseline_shows_whose_points_changed_and_why(
        tmp_path: Path) -> None:
    old = reports.report(reports.task(0), reports.task(1), name="ada")
    new = reports.report(reports.task(0), reports.task(1, "fail", 4.0),
                         name="ada")
    same = reports.report(reports.task(0), name="bob")
    for folder, records in (("old", [old, same]), ("new", [new, same])):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / RESULTS).write_text(
            "".join(json.dumps(each) + "\n" for each in records))

    assert list(baseline.compare(tmp_path / "old", tmp_path / "new")) == [
        "ada: 20 -> 14",
        "    0x00/1 10 -> 4  (f(1) should give 2, not 3)"]


def test_changed_marks_are_said_with_their_reasons(tmp_path: Path) -> None:
    def marked(points: float, *notes: str) -> dict[str, Any]:
        return reports.report(reports.task(0)) | {"mark": {
            "points": points, "max": 20.0, "notes": list(notes)}}

    out = baseline_of(tmp_path / "out", marked(9, "10 % less"))
    with baseline.kept(out, True) as before:
        assert before is not None
        (out / RESULTS).write_text(json.dumps(marked(10, "extended")))
        assert list(baseline.compare(before, out)) == [
            "ada: 10 -> 10, mark 9 of 20 -> 10 of 20", "    extended",
            "    no more: 10 % less"]
    assert not before.exists()
    with baseline.kept(out, False) as before:
        assert before is None
    with baseline.kept(tmp_path / "new", True) as before:
        assert before is not None
        assert list(baseline.compare(before, out)) == ["ada: new"]


def baseline_of(folder: Path, *records: dict[str, Any]) -> Path:
    folder.mkdir()
    (folder / RESULTS).write_text(
        "".join(json.dumps(each) + "\n" for each in records))
    return folder


@pytest.mark.parametrize("forged", ["", "\n", "\r\n\u2028"])
def test_a_baseline_reads_forged_messages_and_says_what_was_not_judged(
        tmp_path: Path, forged: str) -> None:
    old = baseline_of(tmp_path / "old", reports.report(
        reports.task(0), reports.task(1), reports.task(2, "error", 0.0)))
    new = baseline_of(tmp_path / "new", reports.report(
        reports.task(0, "fail", 0.0, failures=[reports.failure(forged)]),
        reports.task(1, "error", 0.0), reports.task(2)))

    assert list(baseline.compare(old, new)) == [
        "ada: not judged -> not judged",
        "    0x00/0 10 -> 0  (no reason given)",
        "    0x00/1 10 -> not judged  (f(1) should give 2, not 3)",
        "    0x00/2 not judged -> 10  (was: f(1) should give 2, not 3)"]


@pytest.mark.parametrize("name, says", [
    ("grades.csv", "grades.csv holds no results"),
    ("empty", "empty holds no results.jsonl"),
    ("missing", "missing is not there"),
    ("out", "out is where the new results go"),
    ("nothing", "nothing/results.jsonl holds no results")])
def test_what_cannot_be_compared_with_is_refused_before_the_grading(
        cohort: Cohort, tmp_path: Path, name: str, says: str,
        capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "grades.csv").write_text("submission,score\nada,3\n")
    (tmp_path / "empty").mkdir()
    baseline_of(tmp_path / "nothing")
    baseline_of(tmp_path / "out", reports.report(reports.task(0)))
    before = (tmp_path / "out" / RESULTS).read_bytes()

    assert main(["cohort", *command(tmp_path / "out", tmp_path / "class"),
                 "--baseline", str(tmp_path / name)]) == 2
    assert says in capsys.readouterr().err
    assert (tmp_path / "out" / RESULTS).read_bytes() == before
