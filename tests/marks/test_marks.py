"""From points to marks: weights, deadlines, decisions; no verdict changes."""

from __future__ import annotations

import tomllib
from datetime import datetime, timezone
from typing import Any

import pytest

from grader.classlist.person import Person
from grader.errors import UserError
from grader.library.library import Library
from grader.marks.classbook import ClassBook
from grader.marks.scheme import load, scheme
from tests.helpers import reports
from tests.helpers.reports import FOLDERS

DEADLINE = "deadline = 2026-11-20T12:00:00+00:00\n"
LATE = DEADLINE + "late_percent_a_day = 10\nlate_percent_most = 35\n"
BY = 'by = "T."\nwhy = "unclear"\n'


def marked(library: Library, toml: str, *, handed_in: str = "",
           person: Person | None = None,
           status: str = "pass") -> dict[str, Any]:
    """Return the mark of a report with 10, 4 and 0 points of 30."""
    record = reports.report(
        reports.task(0, status), reports.task(1, "fail", 4.0),
        reports.task(0, "fail", 0.0, FOLDERS[1])) | {"handed_in": handed_in}
    book = ClassBook([person or Person(submission="ada", id="7")],
                     scheme(tomllib.loads(toml), library))
    before = str(record)
    added = book.added(record)
    assert str(record) == before and added["tasks"] == record["tasks"]
    found: dict[str, Any] = added["mark"]
    return found


@pytest.mark.parametrize("toml, points, most", [
    ("", 14, 30), ("out_of = 100", 46.67, 100),
    ('[weights]\n"0x00" = 2', 28, 50),
    ('[weights]\n"0x00/0" = 0.5\n"0x00" = 2', 13, 35),
    ('bonus = ["0x00/0"]', 14, 20), ('left_out = ["0x00"]', 0, 10),
    ('left_out = ["0x00/1"]\nbonus = ["0x00/0"]\nout_of = 20', 20, 20),
    ('[weights]\n"0x00" = 0\n"python-decorators-0x01" = 0\n', 0, 0)])
def test_weights_bonus_and_what_is_left_out(
        library: Library, toml: str, points: float, most: float) -> None:
    assert marked(library, toml) == {"points": points, "max": most,
                                     "notes": []}


@pytest.mark.parametrize("handed_in, points", [
    ("2026-11-20T12:00:00+00:00", 14), ("2026-11-20T14:30:00+03:00", 14),
    ("2026-11-20T12:00:01+00:00", 12.6), ("2026-11-21T12:00:00+00:00", 12.6),
    ("2026-11-21T12:00:01+00:00", 11.2), ("2026-12-21T12:00:00Z", 9.1)])
def test_each_day_begun_after_the_deadline_costs(
        library: Library, handed_in: str, points: float) -> None:
    assert marked(library, LATE, handed_in=handed_in)["points"] == points


def test_a_late_mark_says_why_and_grace_is_given(library: Library) -> None:
    when = "2026-11-20T12:05:00+00:00"

    assert marked(library, LATE, handed_in=when)["notes"] == [
        "handed in 2026-11-20 12:05+00:00, after the deadline, 2026-11-20"
        " 12:00+00:00: 10 % less"]
    assert marked(library, LATE + "grace_minutes = 5\n", handed_in=when) == {
        "points": 14, "max": 30, "notes": []}


@pytest.mark.parametrize("submitted, handed_in, points, says", [
    ("2026-11-19T00:00:00+00:00", "2026-11-29T00:00:00+00:00", 14, ""),
    ("2026-11-21 00:00:00.000000000 Z", "", 12.6, "10 % less"),
    ("late", "", 14, "the platform calls it late, but not by how much"),
    ("in time", "", 14, ""),
    ("", "", 14, "nothing says when it was handed in")])
def test_the_platform_knows_best_when_it_was_handed_in(
        library: Library, submitted: str, handed_in: str, points: float,
        says: str) -> None:
    mark = marked(library, LATE, handed_in=handed_in, person=Person(
        submission="ada", submitted=submitted))

    assert mark["points"] == points
    assert says in "".join(mark["notes"])
    assert bool(says) == bool(mark["notes"])


@pytest.mark.parametrize("who", ["ada", "7", "ADA"])
def test_a_decision_of_the_staff_counts_and_is_given_with_its_reason(
        library: Library, who: str) -> None:
    of = f'[[override]]\nlearner = "{who}"\n{BY}'

    assert marked(library, of + 'task = "0x00/1"\npoints = 8\n') == {
        "points": 18, "max": 30,
        "notes": ["0x00/1: 8 in place of 4 (T.: unclear)"]}
    assert marked(library, LATE + of + "mark = 25\n",
                  handed_in="2026-11-29T00:00:00Z") == {
        "points": 25, "max": 30, "notes": [
            "handed in 2026-11-29 00:00+00:00, after the deadline,"
            " 2026-11-20 12:00+00:00: 35 % less",
            "the mark is 25 in place of 9.1 (T.: unclear)"]}
    later = marked(library, LATE + of + "deadline = 2026-11-30T00:00:00Z\n",
                   handed_in="2026-11-29T00:00:00Z")
    assert later["points"] == 14 and "(T.: unclear)" in later["notes"][0]


def test_what_was_not_judged_has_no_mark_but_by_decision(
        library: Library) -> None:
    of = f'[[override]]\nlearner = "ada"\n{BY}task = "0x00/0"\npoints = 9\n'

    assert marked(library, "", status="error")["points"] is None
    assert marked(library, of, status="error") == {
        "points": 13, "max": 30,
        "notes": ["0x00/0: 9 in place of not judged (T.: unclear)"]}


def test_decisions_for_no_one_are_known(library: Library) -> None:
    book = ClassBook([Person(submission="ada")], scheme(tomllib.loads(
        f'[[override]]\nlearner = "bob"\n{BY}mark = 1\n'), library))

    assert [*book.strangers()] == ["bob"]


@pytest.mark.parametrize("toml, says", [
    ("dedline = 1", "no key 'dedline', but 'deadline'"),
    ("deadline = 'x'", "'deadline' should be a date"),
    ("bonus = [1]", "'bonus' should be a list of tasks"),
    ("bonus = ['0x99']", "there is no folder or task '0x99'"),
    ("weights = 3", "'weights' should be a table"),
    ("[weights]\n'0x00' = 'x'", "the weight of 0x00 should be a number"),
    ("[weights]\n'0x00' = -1", "the weight of 0x00 should be a number"),
    ("out_of = 0", "'out_of' should be above 0"),
    ("grace_minutes = -1", "'grace_minutes' should not be below 0"),
    ("override = [1]", "override 1: should be a table"),
    ("[[override]]\nlearner = 'a'\nby = 'b'\n",
     "override 1: the key 'why' is missing"),
    (f"[[override]]\nlearner = 'a'\n{BY}", "override 1: there should be one"),
    (f"[[override]]\nlearner = 'a'\n{BY}mark = 1\npoints = 1\n",
     "override 1: there should be one"),
    (f"[[override]]\nlearner = 'a'\n{BY}points = 1\n",
     "override 1: 'points' are those of a 'task'"),
    (f"[[override]]\nlearner = 'a'\n{BY}points = 1\ntask = '0x00'\n",
     "override 1: '0x00' is not one task"),
    ("[[override]]\nlearner = ' '\nby = 'b'\nwhy = 'c'\nmark = 1\n",
     "override 1: 'learner', 'by' and 'why' should not be"),
    ("x = ", "Invalid value")])
def test_a_bad_class_file_is_refused_in_one_line(
        tmp_path: Any, library: Library, toml: str, says: str) -> None:
    (tmp_path / "class.toml").write_text(toml)

    with pytest.raises(UserError) as caught:
        load(tmp_path / "class.toml", library)
    assert says in caught.value.what
    assert caught.value.what.startswith(str(tmp_path))


def test_a_date_is_its_end_and_needs_no_zone(library: Library) -> None:
    found = scheme(tomllib.loads("deadline = 2026-11-20"), library)

    assert found.deadline == datetime(2026, 11, 20, 23, 59, 59).astimezone()
    assert found.needs_dates
    assert not scheme({}, library).needs_dates
    assert found.deadline.astimezone(timezone.utc).tzinfo
