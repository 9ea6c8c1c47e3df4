"""Rosters: read from what platforms export, and matched to submissions."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.classlist import matching, roster
from grader.classlist.person import Person
from grader.errors import UserError

JANE = Person(id="7", name="Jane Doe", email="jane@x.example", section="A")


@pytest.mark.parametrize("text", [
    "id,name,email,section\n7,Jane Doe,jane@x.example,A\n",
    "Section;E-Mail;NAME;Student ID\r\nA;jane@x.example;Jane Doe;7\r\n",
    "sep=;\nid;name;email;section\n7;Jane Doe;jane@x.example;A\n",
    "id\tname\temail\tsection\n7\tJane Doe\tjane@x.example\tA\n",
    "First name,Surname,ID number,Email address,Groups\n"
    "Jane,Doe,7,jane@x.example,A\n",
    "\n\nid,name,notes,email,section\n7, Jane Doe ,\"a, b\n"
    "c\",jane@x.example,A\n,,,,\n"])
def test_columns_are_found_by_their_names(text: str) -> None:
    for content in (text.encode(), text.encode("utf-8-sig"),
                    text.encode("utf-16")):
        assert roster.parse(content) == [JANE]


def test_addresses_of_repositories_are_a_roster() -> None:
    people = roster.parse(b"""\
https://github.com/jane-doe/alx-backend-python.git
git@gitlab.example:kamau/course/alx-backend-python

https://github.com/jane-doe/alx-backend-python
""")

    assert people == [Person(name=login, login=login)
                      for login in ("jane-doe", "kamau")]


def test_one_line_that_is_no_address_makes_a_csv_file_of_it() -> None:
    with pytest.raises(ValueError, match="no column says who a learner is"):
        roster.parse(b"https://github.com/jane/alx\nsomething else\n")


def test_what_canvas_exports_is_a_roster() -> None:
    people = roster.parse("\ufeff".encode() + b"""\
Student,ID,SIS User ID,SIS Login ID,Section,Python (501)
    Points Possible,,,,,100
"Doe, Jane",7,s7,jane@x.example,A,
"Student, Test",9,,,A,
""")
    assert people == [Person(id="7", name="Doe, Jane", sis="s7", section="A",
                             login="jane@x.example", email="jane@x.example")]


def test_older_spreadsheets_are_of_western_europe() -> None:
    assert roster.parse("name\nZoë\n".encode("cp1252"))[0].name == "Zoë"


@pytest.mark.parametrize("content, says", [
    (b"", "it is empty"), (b" \n,,\n", "it is empty"),
    (b"who,what\nJane,1\n", "no column says who a learner is; the first row"
     " names who, what"),
    (b"section\nA\n", "no column says who"),
    (b"name,section\nJane,A\n,B\n", "row 3 names no learner"),
    (b"id,name\n1,Jane\n1,Li\n", "two rows have the id 1"),
    (b"email,name\nA@x,Jane\na@X,Li\n", "two rows have the email a@x"),
    (b"name\0,id\n", "it is no text")])
def test_a_bad_roster_is_refused_in_one_line(
        tmp_path: Path, content: bytes, says: str) -> None:
    (tmp_path / "class.csv").write_bytes(content)

    with pytest.raises(UserError) as caught:
        roster.read(tmp_path / "class.csv")
    assert caught.value.what.startswith(f"{tmp_path / 'class.csv'}: {says}")
    with pytest.raises(UserError, match="cannot be read"):
        roster.read(tmp_path)


def test_what_is_written_reads_back(tmp_path: Path) -> None:
    # One who handed in twice has a row for each.
    people = [JANE, Person(name="=1+1", submission="'x", id="8"),
              Person(submission="again", id="8")]
    (tmp_path / "roster.csv").write_text(roster.written(people))

    assert "'=1+1" in roster.written(people)
    assert roster.read_back(tmp_path / "roster.csv") == people
    assert roster.read_back(tmp_path / "none.csv") == []


@pytest.mark.parametrize("row, name, known", [
    (Person(submission="Repo-1"), "repo-1", Person()),
    (Person(submission="ada"), "b/ada", Person()),
    (Person(id="7", name="x"), "doejane_7", Person(id="7")),
    (Person(email="J@x.example"), "s", Person(email="j@X.example")),
    (Person(login="jdoe"), "alx", Person(login="JDoe")),
    (Person(login="jdoe"), "jdoe", Person()),
    (Person(login="jdoe"), "python-jdoe", Person()),
    (Person(email="jdoe@x.example"), "jdoe", Person()),
    (Person(sis="s7"), "s7", Person()),
    (Person(name="Doe, Jané"), "s", Person(name="Jane Doe")),
    (Person(name="Jane Ann Doe"), "s", Person(name="doejaneann"))])
def test_a_learner_is_known_by_one_sure_sign(
        row: Person, name: str, known: Person) -> None:
    found = matching.match([Person(name="Else", id="1"), row],
                           {"other": Person(), name: known})

    assert [each.submission for each in found.people] == ["", name, "other"]
    assert found.unknown == ["other"]


def test_a_sign_of_two_is_a_sign_of_neither() -> None:
    rows = [Person(name="Jane Doe", id="1"), Person(name="Doe Jane", id="2")]

    found = matching.match(rows, {"janedoe": Person()})
    assert [each.submission for each in found.people] == ["", "", "janedoe"]
    found = matching.match(rows[:1], {"janedoe": Person(),
                                      "x": Person(name="Jane Doe")})
    assert found.people[0].submission == ""


def test_the_roster_has_the_last_word_and_the_platform_completes_it() -> None:
    found = matching.match(
        [Person(name="Jane Doe", id="7")],
        {"s": Person(name="doejane", id="7", email="j@x.example")})

    assert found.people == [Person(name="Jane Doe", id="7", submission="s",
                                   email="j@x.example")]
