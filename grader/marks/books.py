"""Writes gradebooks in the formats that learning platforms import.

Canvas (lib/gradebook_importer.rb) wants the columns Student, ID, SIS User
ID, SIS Login ID and Section, in this order, and a row of the points
possible; it finds a learner by one of the ids. An empty cell is no grade.

Moodle (grade/import/csv) wants one row of headings and a column that says
who each row is of. A row where that is empty would be given to the learner
above it, and a grade of more than the maximum ends the import. "-" is no
grade.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.classlist.downloads import PARTICIPANT
from grader.classlist.person import Person
from grader.report.spreadsheet import cell, line, number
from grader.report.wording import few

# The highest grade in Moodle, unless its administrator sets another one.
MOST_IN_MOODLE = 100.0
# What a spreadsheet takes for the sign that a file is UTF-8.
_MARK = "\ufeff"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What one learner has got: a number for each column, None for no grade.

    `facts` are more columns, of the plain form alone.
    """

    person: Person
    grades: Sequence[float | None]
    facts: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Book:
    """A gradebook: columns, the most in each, and a row a learner."""

    columns: Sequence[str]
    most: Sequence[float]
    rows: Sequence[Row]


@dataclass(frozen=True, kw_only=True)
class Written:
    """The text of a gradebook, and what a person should know of it."""

    text: str
    remarks: Sequence[str] = ()


def canvas(book: Book) -> Written:
    """Return a gradebook that Canvas imports."""
    rows = [row for row in book.rows
            if row.person.id or row.person.sis or row.person.login]
    return Written(text="".join(line(cells) for cells in (
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section",
         *map(cell, book.columns)],
        ["    Points Possible", "", "", "", "", *map(number, book.most)],
        *([cell(row.person.label), row.person.id, cell(row.person.sis),
           cell(row.person.login), cell(row.person.section),
           *map(_or_empty, row.grades)] for row in rows))),
        remarks=[*_left_out(book, rows, "an ID, SIS User ID or SIS Login ID")])


def moodle(book: Book) -> Written:
    """Return a gradebook that Moodle imports.

    It has the columns that identify every learner in it.
    """
    identity = {
        "Email address": [row.person.email for row in book.rows],
        "ID number": ["" if row.person.id.startswith(PARTICIPANT)
                      else row.person.id for row in book.rows],
        "Username": [row.person.login for row in book.rows]}
    fullest = max(identity, key=lambda name: sum(map(bool, identity[name])))
    kept = [number for number, value in enumerate(identity[fullest]) if value]
    # Whatever column is chosen as who it is, no row may lack it.
    whole = [name for name, values in identity.items()
             if all(values[number] for number in kept)]
    rows = [book.rows[number] for number in kept]
    factors = [min(1.0, MOST_IN_MOODLE / (most or 1.0)) for most in book.most]
    remarks = [f"{cell(name)} is out of {MOST_IN_MOODLE:g}, the most that"
               " Moodle takes" for name, factor in zip(book.columns, factors)
               if factor < 1]
    over: list[str] = []
    lines = [["Name", *whole, *map(cell, book.columns)]]
    for place, row in zip(kept, rows):
        grades = [None if grade is None else grade * factor
                  for grade, factor in zip(row.grades, factors)]
        lines.append([
            cell(row.person.label), *(cell(identity[name][place])
                                      for name in whole),
            *("-" if grade is None else number(round(min(
                grade, most * factor), 2)) for grade, most, factor
              in zip(grades, book.most, factors))])
        if any(grade is not None and grade > most for grade, most
               in zip(row.grades, book.most)):
            over.append(row.person.label)
    if over:
        remarks.append("cut to the most, since Moodle takes no more:"
                       f" {few(over, '; ')}")
    return Written(text="".join(map(line, lines)), remarks=[
        *remarks, *_left_out(book, rows, "an email, ID number or username")])


def plain(book: Book) -> Written:
    """Return a gradebook for a spreadsheet."""
    facts = list(book.rows[0].facts) if book.rows else []
    identity = ("name", "id", "email", "section", "submission")
    return Written(text=_MARK + "".join(line(cells) for cells in (
        [*identity, *map(cell, book.columns), *facts],
        ["points possible", *[""] * (len(identity) - 1),
         *map(number, book.most), *[""] * len(facts)],
        *([*(cell(getattr(row.person, each)) for each in identity),
           *map(_or_empty, row.grades), *map(cell, row.facts.values())]
          for row in book.rows))))


FORMS = {"canvas": canvas, "moodle": moodle, "csv": plain}


def _or_empty(grade: float | None) -> str:
    return "" if grade is None else number(grade)


def _left_out(book: Book, kept: Sequence[Row], what: str) -> Iterator[str]:
    known = set(map(id, kept))
    names = [row.person.label for row in book.rows if id(row) not in known]
    if names:
        yield (f"left out, since nothing gives {what}: {few(names, '; ')};"
               " put it into the roster")
