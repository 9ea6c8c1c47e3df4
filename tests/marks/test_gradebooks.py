"""Gradebooks by the rules of their importers; pages that name no others."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from grader.classlist import roster
from grader.classlist.person import Person
from grader.cli import main
from grader.library.library import Library
from grader.marks import books, entries, feedback
from grader.marks.anonymous import anonymous
from grader.marks.books import Book, Row
from grader.marks.classbook import ClassBook
from grader.marks.scheme import scheme
from tests.helpers import reports
from tests.helpers.reports import EVIL

JANE = Person(submission="ada", id="7", name="Doe, Jane", sis="s7",
              login="jane@x.example", email="jane@x.example", section="A")
TAN = Person(submission="bob", name="=Tan", email="tan@x.example")


def book(*rows: tuple[Person, float | None], most: float = 40.0) -> Book:
    return Book(columns=["Python (501)"], most=[most], rows=[
        Row(person=person, grades=[grade], facts={"remarks": "@late"})
        for person, grade in rows])


def cells(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_canvas_finds_its_columns_and_every_learner() -> None:
    made = books.canvas(book((JANE, 30.5), (TAN, 2.0),
                             (Person(id="9", name="Li"), None)))

    assert cells(made.text) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section",
         "Python (501)"],
        ["    Points Possible", "", "", "", "", "40"],
        ["Doe, Jane", "7", "s7", "jane@x.example", "A", "30.5"],
        ["Li", "9", "", "", "", ""]]
    assert made.remarks == [
        "left out, since nothing gives an ID, SIS User ID or SIS Login ID:"
        " =Tan; put it into the roster"]


def test_moodle_has_one_heading_and_no_row_of_no_one() -> None:
    made = books.moodle(book(
        (JANE, 30.5), (TAN, None), (Person(name="Li", id="9"), 1.0)))

    # A row without what tells learners apart goes to the one above it.
    assert cells(made.text) == [
        ["Name", "Email address", "Python (501)"],
        ["Doe, Jane", "jane@x.example", "30.5"],
        ["'=Tan", "tan@x.example", "-"]]
    assert made.remarks == ["left out, since nothing gives an email, ID"
                            " number or username: Li; put it into the roster"]


def test_moodle_is_given_no_more_than_it_takes() -> None:
    made = books.moodle(book((JANE, 440.0), (TAN, 220.0), most=400))

    assert [row[-1] for row in cells(made.text)] == [
        "Python (501)", "100", "55"]
    assert len(made.remarks) == 2


def test_the_number_of_a_moodle_download_is_no_id_number() -> None:
    made = books.moodle(book((Person(id="Participant 7", name="J"), 1.0)))

    assert "Participant" not in made.text
    assert "left out" in made.remarks[0]


def test_a_spreadsheet_knows_its_letters_and_runs_no_formula() -> None:
    text = books.plain(book((JANE, 30.5), (TAN, None))).text

    assert text.startswith("\ufeff")
    assert cells(text[1:])[2:] == [
        ["Doe, Jane", "7", "jane@x.example", "A", "ada", "30.5", "'@late"],
        ["'=Tan", "", "tan@x.example", "", "bob", "", "'@late"]]


CLASS = [JANE, Person(name="Absent Abe", id="8"), TAN]


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Return the results of two of a class of three, with a scheme."""
    records = [
        reports.report(reports.task(0), reports.task(1, "fail", 4.0),
                       name="ada"),
        reports.report(reports.task(0, "fail", 0.0, failures=[
            reports.failure(f"{EVIL} jane@x.example =Tan") | {
                "code": "``` <b>x</b>"}]),
            reports.task(1, "error", 0.0), name="bob")]
    (tmp_path / "results.jsonl").write_text("".join(
        json.dumps(each) + "\n" for each in records))
    (tmp_path / "roster.csv").write_text(roster.written(CLASS))
    (tmp_path / "class.toml").write_text(
        "out_of = 10\n[[override]]\nlearner = '7'\ntask = '0x00/1'\n"
        "points = 10\nby = 'T.'\nwhy = 'right'\n"
        "[[override]]\nlearner = '8'\nmark = 5\nby = 'T.'\nwhy = 'ill'\n")
    return tmp_path


def test_the_gradebook_has_the_mark_of_every_learner(
        results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for form, grades in (("canvas", ["10", "5"]), ("csv", ["10", "5", ""])):
        assert main(["gradebook", str(results), "--format", form]) == 0
        rows = cells((results / f"gradebook-{form}.csv").read_text(
            "utf-8-sig"))
        column = rows[0].index("Mark")
        assert [row[column] for row in rows[1:]] == ["10", *grades]
    assert "left out" in capsys.readouterr().out


def test_folders_and_tasks_have_points_with_what_was_decided(
        library: Library) -> None:
    record = reports.report(
        reports.task(0), reports.task(1, "fail", 4.0),
        reports.task(0, "error", 0.0, reports.FOLDERS[1]))
    classbook = ClassBook((), scheme(tomllib.loads(
        "[[override]]\nlearner = 'ada'\ntask = '0x00/1'\npoints = 9\n"
        "by = 'T.'\nwhy = 'x'\n"), library))
    made = {by: entries.book([record], ClassBook([Person(
        submission="ada")], classbook.scheme), by, "Mark")
        for by in ("folder", "task")}

    assert made["folder"].columns == list(reports.FOLDERS)
    assert made["folder"].most == [20, 10]
    assert made["folder"].rows[0].grades == [19, None]
    assert made["task"].rows[0].grades == [10, 9, None]


class _Text(HTMLParser):
    """Gathers tags and text as a browser reads them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_of_feedback_tells_one_learner_all_and_of_no_one_else(
        results: Path) -> None:
    assert main(["gradebook", str(results), "--feedback"]) == 0
    page = _Text()
    page.feed((results / "feedback" / "bob.html").read_text())

    assert page.tags <= {"html", "head", "meta", "title", "style", "body",
                         "h1", "h2", "h3", "p", "pre"}
    for part in (EVIL, "``` <b>x</b>", "Mark: not decided", "Hint: What is"):
        assert part in page.text
    assert "Jane" not in page.text
    markdown = (results / "feedback" / "bob.md").read_text()
    assert "````\n   8 | ``` <b>x</b>\n````" in markdown
    assert {path.suffix for path in (results / "feedback").iterdir()} == {
        ".md", ".html"}
    assert "Mark: 10 of 10" in (results / "feedback" / "ada.md").read_text()
    assert len([*(results / "feedback").iterdir()]) == 6


def test_feedback_and_gradebook_agree_on_what_was_not_judged() -> None:
    record = reports.report(reports.task(
        0, "fail", dimensions={"behaviour": "fail", "types": "error"}))
    row, = entries.book([record], ClassBook(), "total", "Mark").rows

    assert row.grades == [None]
    assert "not judged in full" in feedback.as_markdown(record, "Ada")


def test_names_of_files_are_safe_and_their_own() -> None:
    names = ["ada", "a/b", "a_b", "../x", "", "x" * 300, "x" * 301]
    found = [feedback.file_name(name) for name in names]

    assert len(set(found)) == len(names)
    assert not any("/" in name or name.startswith(".") or len(name) > 120
                   for name in found)


def test_a_report_without_names_has_none(results: Path) -> None:
    target = results / "public.html"
    assert main(["gradebook", str(results), "--anonymous", str(target)]) == 0
    text = target.read_text()

    for part in ("jane@x", "Jane", "Tan", "Absent", "bob", "T.: right",
                 "``` "):
        assert part not in text
    assert "learner 1" in text and "learner 3" in text


def test_without_names_the_order_says_nothing() -> None:
    records = [reports.report(reports.task(0), name=name)
               for name in ("ada", "bob", "cyd")]

    assert anonymous(records) == anonymous(records[::-1])
    assert all("ada" not in str(each) for each in anonymous(records))


@pytest.mark.parametrize("words, says", [
    ([], "nothing was asked for"),
    (["--format", "csv", "--out-of", "0"], "--out-of takes a number above"),
    (["--format", "excel"], "--format takes canvas, moodle, csv"),
    (["--format", "csv", "--roster", "x.csv"], "x.csv cannot be read"),
    (["--format", "csv", "--output", "/dev/full/x"], "cannot be written")])
def test_a_wrong_call_says_what_is_wrong(
        results: Path, capsys: pytest.CaptureFixture[str],
        words: list[str], says: str) -> None:
    assert main(["gradebook", str(results), *words]) == 2
    assert says in capsys.readouterr().err


def test_what_holds_no_results_is_refused(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gradebook", str(tmp_path), "--format", "csv"]) == 2
    assert "holds no results.jsonl" in capsys.readouterr().err
