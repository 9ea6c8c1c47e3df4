"""Adds to the results of a class who the learners are, and their marks.

A record of the results gets these keys:

    learner    who handed it in, as far as that is known
    handed_in  when, and `commit`, as which commit
    mark       what the points come to, and why
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from grader.classlist.person import Person
from grader.marks import marking
from grader.marks.marking import Mark
from grader.marks.scheme import Override, Scheme
from grader.report.records import is_settled
from grader.report.wording import Data, heading

ADDED = ("learner", "handed_in", "commit", "mark")
_SHOWN = ("id", "name", "email", "section")


class ClassBook:
    """The learners of a class in their order, and its scheme of marks."""

    def __init__(self, people: Sequence[Person] = (),
                 scheme: Scheme | None = None) -> None:
        self.people, self.scheme = people, scheme
        self._by_name = {each.submission: each for each in people
                         if each.submission}
        self._order = {each.submission: number for number, each
                       in enumerate(people) if each.submission}

    def person(self, name: str) -> Person:
        """Return who handed in the submission of a name."""
        return self._by_name.get(name) or Person(submission=name)

    def of(self, record: Data) -> Person:
        """Return the learner of a record.

        One who handed in nothing has a place in the roster instead of a name.
        """
        return (self.people[record["absent"]] if "absent" in record
                else self.person(record["submission"]))

    @property
    def absent(self) -> dict[int, Person]:
        """Return who has handed in nothing, by the place in the roster."""
        return {place: each for place, each in enumerate(self.people)
                if not each.submission}

    def place(self, name: str) -> tuple[int, str]:
        """Return what submissions are sorted by: the roster, then names."""
        return self._order.get(name, len(self.people)), name

    def added(self, record: Data) -> dict[str, Any]:
        """Return a record with what the class adds to it."""
        plain = {name: value for name, value in record.items()
                 if name not in ("learner", "mark")}
        person = self.of(record)
        learner, mark = self.shown(person), self.mark(record)
        return (plain | ({"learner": learner} if learner else {})
                | ({"mark": mark.data()} if mark else {}))

    @staticmethod
    def shown(person: Person) -> dict[str, str]:
        """Return the fields of a learner that a record has, if known."""
        return {name: value for name in _SHOWN
                if (value := getattr(person, name))}

    def mark(self, record: Data) -> Mark | None:
        """Return the mark of a record, None in a class without a scheme."""
        if self.scheme is None:
            return None
        person = self.of(record)
        return marking.mark(
            record["tasks"], self.scheme, self._overrides(person),
            when(record, person), stated=person.submitted)

    def points(self, record: Data) -> dict[str, float | None]:
        """Return the points of each task, with what the staff decided.

        None where it was not judged; what is left out is not there.
        """
        person = self.of(record)
        found = {heading(task): task["points"] if is_settled(task) else None
                 for task in record["tasks"]}
        if self.scheme is not None:
            found |= {each.task: each.points
                      for each in self._overrides(person) if each.task}
            found = {task: points for task, points in found.items()
                     if task not in self.scheme.left_out}
        return found

    def _overrides(self, person: Person) -> list[Override]:
        assert self.scheme
        return marking.of(_names(person), self.scheme.override)

    def strangers(self) -> Iterator[str]:
        """Yield names in overrides that are of no learner in the class."""
        known = {value.casefold() for each in self.people
                 for value in _names(each).values()}
        for override in self.scheme.override if self.scheme else ():
            if override.learner.strip().casefold() not in known:
                yield override.learner


def _names(person: Person) -> Mapping[str, str]:
    return {each.name: getattr(person, each.name) for each in fields(person)
            if each.name in ("submission", "id", "email", "login", "name")}


def when(record: Data, person: Person) -> datetime | None:
    """Return when a submission was handed in, as the surest source says.

    That is the platform, and what the repository or the archive says only
    where the platform says nothing.
    """
    for text in (person.submitted, record.get("handed_in", "")):
        try:
            found = datetime.fromisoformat(text.strip().removesuffix(
                " UTC").replace(" Z", "Z")) if text else None
        except ValueError:
            continue
        if found is not None:
            return found if found.tzinfo else found.astimezone()
    return None
