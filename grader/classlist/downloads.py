"""Recognises the names that learning platforms give to handed-in files.

Canvas packs flat files, "doejane_LATE_12345_67890_2-floor.py", where the
first number is the learner's; Moodle a folder for each learner, "Jane
Doe_200100_assignsubmission_file_", or flat files of such names. The export
of Gradescope has a folder "submission_123" for each, and a file beside
them that says whose it is. Of a clone from GitHub, its address does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from grader.classlist.person import Person

# What Canvas says in the place of a date.
LATE, IN_TIME = "late", "in time"
# The number in Moodle's names is not the learner's, but that of the
# learner's place in the assignment; its grading worksheet calls it so.
PARTICIPANT = "Participant "
METADATA = "submission_metadata.yml"
_CANVAS = re.compile(
    r"(?P<name>anon|(?=[^_]*[^\W\d_])[^\W_]+)_(?P<late>late_)?(?P<id>\d+|"
    r"(?<=anon_)\w{5}|(?<=anon_late_)\w{5})_(?P<number>\d+)_(?P<file>.+)",
    re.IGNORECASE)
_MOODLE = re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_"
                     r"(?P<kind>file|onlinetext)(?:_(?P<file>.*))?")
# Canvas adds a number to a file that is handed in again.
_AGAIN = re.compile(r"-\d+(?=\.py$)")
_SUBMISSION = re.compile(r"(submission_\d+):\s*")
_FIELD_LINE = re.compile(r"\s+(?:- )?:(name|sid|email|created_at):\s*(.*)")
_FIELDS = {"name": "name", "sid": "id", "email": "email",
           "created_at": "submitted"}
_GITHUB = re.compile(r"^\s*url\s*=\s*\S*github\.com[:/]([\w.-]+)/([\w.-]+)",
                     re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Handout:
    """A file or folder that a platform has named after a learner.

    `key` is the same for all of one learner, `file` what the learner called
    it; of two of that name the one with the higher `number` is newer.
    """

    platform: str
    key: str
    person: Person
    file: str = ""
    number: int = 0


def recognise(name: str) -> Handout | None:
    """Return what the name of a file or folder says, if a platform gave it.
    """
    if found := _MOODLE.fullmatch(name):
        return Handout(platform="Moodle", key=f"{found['name']}_{found['id']}",
                       person=Person(name=found["name"],
                                     id=f"{PARTICIPANT}{found['id']}"),
                       file=found["file"] or "")
    if found := _CANVAS.fullmatch(name):
        return Handout(
            platform="Canvas", key=f"{found['name']}_{found['id']}",
            person=Person(name=found["name"], id=found["id"],
                          submitted=LATE if found["late"] else IN_TIME),
            file=found["file"], number=int(found["number"]))
    return None


def newest(handed: Iterable[tuple[Handout, str]]) -> dict[str, str]:
    """Return the name in the download of each file of one learner."""
    return {_AGAIN.sub("", handout.file) if handout.platform == "Canvas"
            else handout.file: name
            for handout, name in sorted(
                handed, key=lambda each: (each[0].number, each[1]))}


def gradescope(text: str) -> dict[str, Person]:
    """Return who handed in each folder of Gradescope's export.

    Of a group the names are joined; the rest is that of the first.
    """
    found: dict[str, dict[str, str]] = {}
    entry: dict[str, str] = {}
    for line in text.splitlines():
        if head := _SUBMISSION.fullmatch(line):
            entry = found.setdefault(head[1], {})
        elif match := _FIELD_LINE.fullmatch(line):
            field, value = _FIELDS[match[1]], match[2].strip(" '\"")
            if field == "name" and entry.get("name"):
                entry["name"] += f", {value}"
            else:
                entry.setdefault(field, value)
    return {name: Person(**entry) for name, entry in found.items()}


def github(config: str) -> tuple[str, str] | None:
    """Return the owner and the name of the repository a clone came from."""
    found = _GITHUB.search(config)
    return None if not found else (
        found[1], found[2].removesuffix(".git"))


def logins(addresses: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """Return whose each clone is, given its owner and name.

    Where all have one owner, which is the class, the names of repositories
    end in those of the learners, after what they all begin with.
    """
    owners = {owner.casefold() for owner, _ in addresses.values()}
    if len(addresses) < 2 or len(owners) > 1:
        return {name: owner for name, (owner, _) in addresses.items()}
    begin = os.path.commonprefix([repo for _, repo in addresses.values()])
    begin = begin[:begin.rfind("-") + 1]
    return {name: repo.removeprefix(begin)
            for name, (_, repo) in addresses.items()} if begin else {}
