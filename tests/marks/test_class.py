"""A class with a roster and marks: every learner has a row, in order."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from grader.classlist import roster
from grader.classlist.person import Person
from grader.cli import main
from grader.cohort.run import Cohort, grade
from grader.cohort.sources import find
from grader.library.library import Library
from grader.marks.scheme import Scheme
from tests.cohort.test_cohort import (
    FakeCrew, closing_lines, results, run, table)
from tests.cohort.test_sources import KNOWN, learner
from tests.history.test_repository import commit, git

CLASS = [Person(name="Cyd Ng", id="3", section="B"),
         Person(name="Eve Tan", id="5"), Person(name="Ada Doe", id="1")]


@pytest.fixture
def cohort(tmp_path: Path, library: Library) -> Cohort:
    """Return the submissions of Ada, Cyd and one who is not in the roster."""
    for name in ("adadoe_1", "cydng_3", "zoe_9"):
        learner(tmp_path / "class" / f"{name}_50_work", f"# {name}\n")
    sources = find([tmp_path / "class"], KNOWN).found
    return Cohort(sources=sources, library=library,
                  tasks=library.select(["0x00/2"]), out=tmp_path / "out",
                  roster=CLASS)


def test_the_roster_names_orders_and_completes_the_class(
        cohort: Cohort) -> None:
    account, graded = run(cohort)

    assert sorted(graded) == ["adadoe_1", "cydng_3", "zoe_9"]
    assert table(cohort) == [
        ["submission", "name", "id", "email", "section", "score", "max",
         "0x00/2"],
        ["points possible", "", "", "", "", "10", "10", "10"],
        ["cydng_3", "Cyd Ng", "3", "", "B", "10", "10", "10"],
        ["", "Eve Tan", "5", "", "", "0", "10", "0"],
        ["adadoe_1", "Ada Doe", "1", "", "", "10", "10", "10"],
        ["zoe_9", "zoe", "9", "", "", "10", "10", "10"]]
    said = closing_lines(account)
    assert "1 of the roster handed in nothing: Eve Tan" in said
    assert "1 submission not in the roster: zoe_9" in said
    assert results(cohort)["cydng_3"]["learner"] == {
        "id": "3", "name": "Cyd Ng", "section": "B"}
    assert "Eve Tan" in (cohort.out / "report.html").read_text()


def test_the_roster_stays_with_the_results(cohort: Cohort) -> None:
    run(cohort)
    kept = roster.read_back(cohort.out / "roster.csv")
    before = table(cohort)
    # As one learner is graded again.
    one = replace(cohort, sources=cohort.sources[:1], roster=kept)

    assert run(one)[1] == []
    assert table(cohort) == before
    assert [each.name for each in kept] == [
        "Cyd Ng", "Eve Tan", "Ada Doe", "zoe"]


def test_who_handed_in_nothing_has_all_tasks_to_lose(
        cohort: Cohort) -> None:
    run(replace(cohort, tasks=cohort.library.select(["0x00/2", "0x00/3"])))
    before = table(cohort)
    run(cohort)

    assert table(cohort) == before
    assert before[3] == ["", "Eve Tan", "5", "", "", "0", "20", "0", "0"]


def test_a_download_names_the_class_without_a_roster(cohort: Cohort) -> None:
    account, _ = run(replace(cohort, roster=()))

    assert [row[:3] for row in table(cohort)[2:]] == [
        ["adadoe_1", "adadoe", "1"], ["cydng_3", "cydng", "3"],
        ["zoe_9", "zoe", "9"]]
    assert "roster" not in closing_lines(account)


def test_marks_stand_beside_the_score_and_go_with_the_scheme(
        cohort: Cohort) -> None:
    run(cohort)
    marked = replace(cohort, scheme=Scheme(out_of=5))
    _, graded = run(marked)

    assert graded == []
    assert [row[5:10] for row in table(cohort)[:3]] == [
        ["score", "max", "mark", "mark max", "0x00/2"],
        ["10", "10", "", "", "10"], ["10", "10", "5", "5", "10"]]
    assert table(cohort)[3][5:] == ["0", "10", "0", "5", "0"]
    assert results(cohort)["zoe_9"]["mark"] == {
        "points": 5, "max": 5, "notes": []}
    first = (cohort.out / "results.jsonl").read_bytes()
    run(marked)
    assert (cohort.out / "results.jsonl").read_bytes() == first
    run(cohort)
    assert "mark" not in results(cohort)["zoe_9"]
    assert "mark" not in table(cohort)[0]


def test_a_class_is_graded_as_it_stood(tmp_path: Path,
                                       library: Library) -> None:
    for name in ("early", "late"):
        repo = learner(tmp_path / "class" / name)
        git(repo, "init", "-q")
        commit(repo, 1 if name == "early" else 8, name)
        commit(repo, 9, "too late")
    learner(tmp_path / "class" / "copied")
    cohort = Cohort(
        sources=find([tmp_path / "class"], KNOWN).found, library=library,
        tasks=library.select(["0x00/2"]), out=tmp_path / "out",
        at=datetime(2026, 11, 5, tzinfo=timezone.utc))
    crew = FakeCrew()
    account = grade(cohort, crew, lambda pace: None)

    assert crew.graded == ["early"]
    assert crew.jobs[0].submission.contents(library.tasks[0].folder) == {
        "2-floor.py": b"early"}
    said = {row[0]: row[1:] for row in table(cohort)[2:]}
    assert said == {"early": ["10", "10", "10"], "late": ["0", "10", "0"],
                    "copied": ["", "10", ""]}
    assert results(cohort)["early"]["handed_in"].startswith("2026-11-01T")
    assert "nothing was handed in by 2026-11-05" in str(
        results(cohort)["late"])
    assert "copied is no git repository" in closing_lines(account)


def test_clones_are_matched_by_their_addresses(
        tmp_path: Path, library: Library) -> None:
    for name, owner in (("one", "jdoe"), ("two", "litan")):
        repo = learner(tmp_path / "class" / name)
        git(repo, "init", "-q")
        git(repo, "remote", "add", "origin",
            f"https://github.com/{owner}/alx-backend-python.git")
    cohort = Cohort(
        sources=find([tmp_path / "class"], KNOWN).found, library=library,
        tasks=library.select(["0x00/2"]), out=tmp_path / "out")
    run(cohort)
    # What is known is no more than names: the table is as it always was.
    assert table(cohort)[0] == ["submission", "score", "max", "0x00/2"]

    run(replace(cohort, roster=[Person(name="Li Tan", login="LiTan"),
                                Person(name="Jane Doe", login="jdoe")]))
    assert [row[:2] for row in table(cohort)[2:]] == [
        ["two", "Li Tan"], ["one", "Jane Doe"]]


@pytest.mark.parametrize("option, value, says", [
    ("--roster", "none.csv", "none.csv cannot be read"),
    ("--at", "soon", "'soon' is no date"),
    ("--class", "none.toml", "none.toml cannot be read")])
def test_a_wrong_call_is_refused_before_anything_is_graded(
        cohort: Cohort, capsys: pytest.CaptureFixture[str], option: str,
        value: str, says: str) -> None:
    assert main(["cohort", str(cohort.sources[0].path), "--out",
                 str(cohort.out), option, value]) == 2
    assert says in capsys.readouterr().err
    assert not cohort.out.exists()
