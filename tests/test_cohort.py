"""Cohorts: nothing lost, nothing twice, and no death is the end."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from grader.cli import main
from grader.cohort import baseline, fingerprint
from grader.cohort.archives import Unpacker
from grader.cohort.crew import Graded, LocalCrew, Results
from grader.cohort.fingerprint import library_print, submission_key
from grader.cohort.ledger import RESULTS
from grader.cohort.pace import Pace
from grader.cohort.run import Cohort, grade
from grader.cohort.sources import find, take
from grader.cohort.worker import Job, Serve
from grader.errors import GraderError, UserError
from grader.grading import Options
from grader.library import Library
from tests import reports, servers
from tests.conftest import RIGHT_FLOOR
from tests.test_sources import FOLDER, learner


class FakeCrew:
    """Grades at once, in this process; a submission "error" fails."""

    tier = "none"

    def __init__(self) -> None:
        self.graded: list[str] = []

    def grade(self, jobs: Iterable[Job]) -> Results:
        for job in jobs:
            name = job.submission.name
            self.graded.append(name)
            data = reports.report(reports.task(2), name=name)
            yield (Graded(job, None, "it broke") if name == "error"
                   else Graded(job, data))

    def close(self) -> None:
        pass


@pytest.fixture
def cohort(tmp_path: Path, library: Library) -> Cohort:
    """Return four submissions, two of them of like content."""
    for name in ("ada", "bob", "cyd", "dan"):
        learner(tmp_path / "class" / name,
                RIGHT_FLOOR + f"# {name.replace('dan', 'ada')}\n")
    return Cohort(sources=find([tmp_path / "class"]).found, library=library,
                  tasks=library.select(["0x00/2"]), out=tmp_path / "out")


def run(cohort: Cohort) -> tuple[Pace, list[str]]:
    crew = FakeCrew()
    return grade(cohort, crew, lambda pace: None), crew.graded


def results(cohort: Cohort) -> dict[str, Any]:
    lines = (cohort.out / RESULTS).read_text().splitlines()
    records = [json.loads(line) for line in lines]
    assert len({each["submission"] for each in records}) == len(records)
    return {each["submission"]: each for each in records}


def test_every_submission_has_one_line_and_one_row(cohort: Cohort) -> None:
    run(cohort)

    assert sorted(results(cohort)) == ["ada", "bob", "cyd", "dan"]
    with (cohort.out / "grades.csv").open() as file:
        rows = list(csv.reader(file))
    assert rows[:3] == [["submission", "score", "max", "0x00/2"],
                        ["points possible", "10", "10", "10"],
                        ["ada", "10", "10", "10"]]
    assert len(rows) == 6


def test_a_second_run_grades_nothing(cohort: Cohort) -> None:
    run(cohort)
    before = (cohort.out / RESULTS).read_bytes()
    done, graded = run(cohort)

    assert graded == []
    assert done.served == done.done == 4
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


def test_an_error_blames_nobody_and_is_tried_again(
        cohort: Cohort, tmp_path: Path) -> None:
    learner(tmp_path / "class" / "error")
    more = Cohort(sources=find([tmp_path / "class"]).found, out=cohort.out,
                  library=cohort.library, tasks=cohort.tasks)
    done, _ = run(more)

    task, = results(more)["error"]["tasks"]
    assert task["status"] == "error"
    assert "it broke" in task["failures"][0]["message"]
    assert done.errors == 1
    assert run(more)[1] == ["error"]


def test_an_archive_that_is_refused_does_not_stop_the_rest(
        cohort: Cohort, tmp_path: Path) -> None:
    (tmp_path / "class" / "bad.zip").write_bytes(b"no")
    more = Cohort(sources=find([tmp_path / "class"]).found, out=cohort.out,
                  library=cohort.library, tasks=cohort.tasks)
    run(more)

    task, = results(more)["bad"]["tasks"]
    assert (task["status"], task["failures"][0]["cause"]) == (
        "fail", "refused")
    assert len(results(more)) == 5


def test_a_key_depends_on_all_that_judges(cohort: Cohort) -> None:
    library, tasks = cohort.library, cohort.tasks
    prints = [library_print(library, tasks, "full"),
              library_print(library, tasks, "reduced"),
              library_print(library, library.tasks, "full")]
    keys = {submission_key(take(source, library, Unpacker("none")), each)
            for source in cohort.sources for each in prints}

    assert len(keys) == 9
    assert prints[0] == library_print(library, tasks, "full")


def test_another_version_of_a_tool_is_another_judge(
        cohort: Cohort, monkeypatch: pytest.MonkeyPatch) -> None:
    library, tasks = cohort.library, cohort.tasks
    before = library_print(library, tasks, "full")
    monkeypatch.setattr(fingerprint, "version", lambda name: "0.0")

    assert library_print(library, tasks, "full") != before


def jobs(cohort: Cohort, *names: str) -> list[Job]:
    submission = take(cohort.sources[0], cohort.library,
                      Unpacker("none"))
    return [Job(submission.__class__(name=name, folders={}), name)
            for name in names]


def crew(log: Path, serve: Serve, count: int = 2) -> LocalCrew:
    return LocalCrew(Options(isolation="none"), [str(log)], count, serve)


def test_a_dead_worker_costs_a_retry_and_a_killer_only_itself(
        cohort: Cohort, tmp_path: Path) -> None:
    names = ["a", "once", "b", "killer", "c", "d"]
    log = tmp_path / "log"
    with crew(log, servers.pretend) as workers:
        graded = {job.key: data for job, data, _ in
                  workers.grade(jobs(cohort, *names))}

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

    with crew(tmp_path / "log", servers.pretend) as workers:
        for done, _ in enumerate(workers.grade(feed()), start=1):
            assert len(taken) <= done + 2
    assert len(taken) == 8


def test_isolation_that_cannot_be_had_is_said_before_all(
        tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no isolation"):
        crew(tmp_path / "log", servers.refuse)
    with pytest.raises(GraderError, match="did not start"):
        crew(tmp_path / "log", servers.die_at_once)


def command(out: Path, *paths: Path) -> list[str]:
    return [*map(str, paths), "--out", str(out), "--task", "0x00/2",
            "--jobs", "1"]


def test_a_cohort_is_graded_from_the_command_line(
        cohort: Cohort, tmp_path: Path,
        capsys: pytest.CaptureFixture[str]) -> None:
    words = command(tmp_path / "out", tmp_path / "class")

    assert main(["cohort", *words]) == 0
    assert "3 graded and 1 known of 4" in capsys.readouterr().out
    assert main(["cohort", *words]) == 0
    assert "0 graded and 4 known of 4" in capsys.readouterr().out
    assert results(cohort)["bob"]["score"]["points"] == 10


def test_a_killed_run_loses_nothing_and_grades_nothing_twice(
        tmp_path: Path) -> None:
    for number in range(8):
        learner(tmp_path / "class" / f"learner{number:02}",
                RIGHT_FLOOR + f"# {number}\n")
    out = tmp_path / "out"
    words = [sys.executable, "-m", "grader", "cohort",
             *command(out, tmp_path / "class")]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and lines(out) < 3:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    kept = lines(out)
    said = subprocess.run(words, capture_output=True, text=True, check=True)

    assert 3 <= kept < 8
    assert f"{8 - kept} graded and {kept} known of 8" in said.stdout
    assert lines(out) == 8


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
