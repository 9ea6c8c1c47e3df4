"""Reads and writes a roster: a CSV file with a row for each learner.

Its columns are found by their names, in any order. The names are those of
the project, and those under which Canvas, Moodle, Gradescope and GitHub
Classroom export a class. A list of the addresses of repositories, one a
line, is a roster too: each names the login of a learner.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path

from grader.classlist.person import Person
from grader.errors import UserError
from grader.report import spreadsheet

FIELDS = tuple(each.name for each in fields(Person))
_NAMES = {
    "submission": ("submission", "folder", "repository", "repo"),
    "id": ("id", "student id", "id number", "idnumber", "sid", "identifier",
           "user id"),
    "name": ("name", "student", "student name", "full name", "learner"),
    "first": ("first name", "firstname", "given name"),
    "last": ("last name", "lastname", "surname", "family name"),
    "email": ("email", "e-mail", "email address", "e-mail address", "mail"),
    "section": ("section", "sections", "group", "groups", "class"),
    "login": ("login", "sis login id", "username", "user name",
              "github username", "github_username", "github"),
    "sis": ("sis", "sis user id"),
    "submitted": ("submitted", "submitted at", "handed in",
                  "last modified (submission)")}
_FIELD_OF = {name: field for field, some in _NAMES.items() for name in some}
# https://HOST/LOGIN/NAME or git@HOST:LOGIN/NAME, with or without ".git".
_ADDRESS = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[\w.-]+@)?[\w.-]+(?::\d+)?/|[\w.-]+@[\w.-]+:)"
    r"(?P<login>[\w.-]+)/[\w./-]+?/?")
_TODO = ("a roster is a CSV file whose first row names columns:"
         " submission, id, name, email, section")
# Rows of Canvas' export that are about no learner.
_POSSIBLE, _TEST = "points possible", "student, test"
_MOST_BYTES = 16 << 20


def read(path: Path, is_ours: bool = False) -> list[Person]:
    """Return the learners of a roster, in its order; raises UserError.

    In one that `is_ours`, as an earlier run wrote it, a learner may have two
    submissions.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}",
                        _TODO) from None
    try:
        return parse(content, is_ours)
    except ValueError as error:
        raise UserError(f"{path}: {error}", _TODO) from None


def parse(content: bytes, is_ours: bool = False) -> list[Person]:
    """Return the learners in the content of a roster; raises ValueError."""
    if len(content) > _MOST_BYTES:
        raise ValueError("it is too large for a roster")
    text = _text(content)
    if logins := _logins(text):
        return [Person(name=login, login=login) for login in logins]
    rows = list(_rows(text))
    if not rows:
        raise ValueError("it is empty")
    (_, header), *others = rows
    columns = _columns(header)
    people = [_person(columns, cells, number) for number, cells in others
              if not _is_no_learner(cells)]
    if not is_ours:
        _refuse_twice(people)
    return people


def _logins(text: str) -> list[str]:
    """Return who owns the repositories where each line is an address of one.

    It is empty for any other text.
    """
    lines = list(filter(None, map(str.strip, text.splitlines())))
    found = [_ADDRESS.fullmatch(line) for line in lines]
    return (list(dict.fromkeys(each["login"] for each in found if each))
            if all(found) else [])


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        # What Excel calls Unicode text.
        return content.decode("utf-16")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Older spreadsheets save in the code page of Western Europe.
        text = content.decode("cp1252", "replace")
    if "\0" in text:
        raise ValueError("it is no text")
    return text


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the cells of each row that has any."""
    if text[:4].lower() == "sep=":
        # Excel takes the separator from such a line.
        text = text.partition("\n")[2]
    first = next(filter(str.strip, text.splitlines()), "")
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            if any(map(str.strip, cells)):
                yield reader.line_num, [each.strip() for each in cells]
    except csv.Error as error:
        raise ValueError(f"row {reader.line_num}: {error}") from None


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Return where each field is; of two columns for one, the first."""
    columns: dict[str, int] = {}
    for number, name in enumerate(header):
        field = _FIELD_OF.get(" ".join(name.casefold().split()))
        if field:
            columns.setdefault(field, number)
    if not columns.keys() - {"section", "submitted"}:
        shown = ", ".join(filter(None, header[:5])) or "nothing"
        raise ValueError("no column says who a learner is; the first row"
                         f" names {shown}")
    return columns


def _is_no_learner(cells: Sequence[str]) -> bool:
    return cells[0].casefold() in (_POSSIBLE, _TEST)


def _person(columns: Mapping[str, int], cells: Sequence[str],
            number: int) -> Person:
    found = {field: cells[column] for field, column in columns.items()
             if column < len(cells)}
    first, last = found.pop("first", ""), found.pop("last", "")
    found["name"] = found.get("name") or f"{first} {last}".strip()
    if "@" in found.get("login", ""):
        found["email"] = found.get("email") or found["login"]
    person = Person(**found)
    if not person.label:
        raise ValueError(f"row {number} names no learner")
    return person


def _refuse_twice(people: Sequence[Person]) -> None:
    """Refuse two rows for one learner: a mark would be given twice."""
    for field in ("id", "email"):
        seen: set[str] = set()
        for person in people:
            value = getattr(person, field).casefold()
            if value and value in seen:
                raise ValueError(f"two rows have the {field} {value}")
            seen.add(value)


def written(people: Sequence[Person]) -> str:
    """Return a roster as CSV, which `parse` reads back."""
    return "".join(spreadsheet.line(cells) for cells in (
        FIELDS, *([spreadsheet.cell(getattr(person, field))
                   for field in FIELDS] for person in people)))


def read_back(path: Path) -> list[Person]:
    """Return the roster that an earlier run wrote, or none."""
    if not path.is_file():
        return []
    return [replace(person, **{
        field: value[1:] for field in FIELDS
        if (value := getattr(person, field)).startswith("'")})
        for person in read(path, is_ours=True)]
