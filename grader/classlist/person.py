"""The record of one learner, from a roster or from a download."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Person:
    """One learner; fields that are not known are empty.

    `submission` is the name of the submission in the results, `id` the
    learning platform's number, `sis` the one in the school's student
    information system. `submitted` is when it was handed in, as the platform
    writes it: a date, or a word such as downloads.LATE.
    """

    submission: str = ""
    id: str = ""
    name: str = ""
    email: str = ""
    section: str = ""
    login: str = ""
    sis: str = ""
    submitted: str = ""

    @property
    def label(self) -> str:
        """Return the name, or the first of the others that is known."""
        return (self.name or self.submission or self.login or self.email
                or self.id)

    def filled(self, other: Person) -> Person:
        """Return this record, with its empty fields taken from another."""
        return Person(**{
            each.name: getattr(self, each.name) or getattr(other, each.name)
            for each in fields(Person)})


def plain_name(text: str) -> str:
    """Return the letters and digits of a name, lower case, no accents."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(filter(str.isalnum, letters))


def spellings(name: str) -> Iterator[str]:
    """Yield the `plain_name`s of "Jane Doe": "janedoe", then "doejane".

    With more words, each rotation of them: platforms put surnames first.
    """
    words = list(filter(None, map(plain_name, re.split(r"[\s,]+", name))))
    yield "".join(words)
    for split in range(1, len(words)):
        yield "".join(words[split:] + words[:split])
