"""Matches the learners of a roster with the submissions of a class."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from grader.classlist.person import Person, plain_name, spellings

_Key = TypeVar("_Key", int, str)
_Keys = Callable[[Person], Iterable[str]]


@dataclass(frozen=True, kw_only=True)
class Matched:
    """The class in the order of the roster, then learners who are not in it.

    `unknown` are the submissions of learners who are not in the roster.
    """

    people: list[Person] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def match(roster: Sequence[Person], known: Mapping[str, Person]) -> Matched:
    """Return the class, each learner with the name of the submission.

    `known` says of each submission, by its name, what is known of who
    handed it in. The surest signs count first, and a sign that two have
    counts for neither. Without a sign the `submission` is empty.
    """
    owners: dict[int, str] = {}
    left = {name: replace(person, submission=name)
            for name, person in known.items()}
    for of_roster, of_found in _SIGNS:
        rows = _unique({number: of_roster(person)
                        for number, person in enumerate(roster)
                        if number not in owners})
        found = _unique({name: of_found(each)
                         for name, each in left.items()})
        for sign in rows.keys() & found.keys():
            if rows[sign] not in owners and found[sign] in left:
                owners[rows[sign]] = found[sign]
                del left[found[sign]]
    people = [replace(person, submission=owners.get(number, "")).filled(
        known.get(owners.get(number, ""), Person()))
        for number, person in enumerate(roster)]
    return Matched(people=people + [left[name] for name in sorted(left)],
                   unknown=sorted(left) if roster else [])


def _unique(signs: Mapping[_Key, Iterable[str]]) -> dict[str, _Key]:
    """Return who has each sign that only one has."""
    sets = {key: {sign for sign in some if sign}
            for key, some in signs.items()}
    counts = Counter(sign for some in sets.values() for sign in some)
    return {sign: key for key, some in sets.items() for sign in some
            if counts[sign] == 1}


def _field(name: str) -> _Keys:
    return lambda person: [getattr(person, name).casefold()]


def _submission(person: Person) -> Iterable[str]:
    name = person.submission.casefold()
    return name, name.rpartition("/")[2]


def _login(person: Person) -> Iterable[str]:
    return person.login.casefold(), *_submission(person)


def _ending(person: Person) -> Iterable[str]:
    """Yield what may be a login at the end of a repository's name."""
    name = person.submission.casefold()
    return [name[place + 1:] for place, char in enumerate(name)
            if char in "-_/"]


def _mailbox(person: Person) -> Iterable[str]:
    return [person.email.casefold().partition("@")[0]]


def _number(person: Person) -> Iterable[str]:
    return person.id.casefold(), *_submission(person)


def _spelt(person: Person) -> Iterable[str]:
    return [plain_name(person.name),
            plain_name(person.submission.rpartition("/")[2])]


# Of a row of the roster, and of a submission; what two have in common makes
# them one.
_SIGNS: Sequence[tuple[_Keys, _Keys]] = (
    (_field("submission"), _submission),
    (_field("id"), _field("id")),
    (_field("email"), _field("email")),
    (_field("login"), _login),
    (_field("sis"), _number),
    (_field("id"), _number),
    (_mailbox, _login),
    (lambda person: spellings(person.name), _spelt),
    (_field("login"), _ending),
)
