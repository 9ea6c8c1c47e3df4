"""Requests and answers as plain data, which may cross the wall."""

from __future__ import annotations

from typing import NamedTuple

# Where the server stands: three hours ahead of UTC the whole year.
ZONE, ZONE_FOR_C, AHEAD = "Africa/Nairobi", "EAT-3", 3


class Person(NamedTuple):
    """Who asks; one without a name is not logged in."""

    name: str
    role: str = "guest"

    def __str__(self) -> str:
        return (f"{self.name} (role {self.role})" if self.name
                else "a visitor who is not logged in")


VISITOR = Person("", "")


class Asked(NamedTuple):
    """One request; `person` is None where no request.user is."""

    method: str
    path: str
    person: Person | None
    address: str = "203.0.113.5"
    forwarded: str = ""
    when: str = ""

    def __str__(self) -> str:
        return (f"{self.method} {self.path} by {self.person}"
                + f" at {self.when}" * bool(self.when))


class Answer(NamedTuple):
    """What came of a request.

    `status` is 0 for what is no response, which `kind` then shows.
    `reached` is how often the view was called for it.
    """

    status: int
    body: str
    kind: str
    reached: int

    def __str__(self) -> str:
        return f"a response {self.status}" if self.status else self.kind
