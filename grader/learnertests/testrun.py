"""Reads the results of one run of learners' tests; nothing is trusted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.findings.untrusted import Untrustworthy, entries, line_number, text
from grader.wall.outcome import EXITED_EARLY, Ended, Outcome

# "async" and "yield" are tests that are called, but whose code never runs.
OUTCOMES = ("pass", "fail", "error", "skip", "async", "yield")


@dataclass(frozen=True, kw_only=True)
class Why:
    """An exception: the name of its type, its text, the learner's line."""

    kind: str
    text: str
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Case:
    """The result of one test case, with numbers of what it did.

    `network` are calls that reach for the network, `calls` those of given
    functions.
    """

    name: str
    outcome: str
    why: Why | None
    assertions: int
    network: int
    calls: int = 0

    @property
    def objects(self) -> bool:
        """Return whether the case fails, that is, finds something wrong."""
        return self.outcome in ("fail", "error")


@dataclass(frozen=True, kw_only=True)
class TestRun:
    """The result of one run; `broken` is why the file could not be loaded.

    `cases` are by method. `scaffold` is read by the course's instruments.
    """

    # pytest takes a class with this name for tests otherwise.
    __test__ = False

    ended: Ended
    loads: bool = False
    broken: Why | None = None
    cases: Mapping[str, tuple[Case, ...]] = field(default_factory=dict)
    scaffold: Sequence[Any] = ()

    def of(self, method: str) -> tuple[Case, ...]:
        """Return the cases of a method, none if it was not run."""
        return self.cases.get(method, ())


class _Short(Exception):
    """The run ended before its last message."""


def read_run(outcome: Outcome, methods: Sequence[str]) -> TestRun:
    """Return the result of a run from its outcome.

    A run without its last message has the cause exited, one with invalid
    messages the cause untrusted.
    """
    loads = bool(outcome.messages)
    if outcome.ended.cause:
        return TestRun(ended=outcome.ended, loads=loads)
    try:
        return _read(outcome, methods)
    except _Short:
        return TestRun(loads=loads, ended=Ended(
            cause="exited", seconds=outcome.ended.seconds,
            detail=EXITED_EARLY))
    except (Untrustworthy, KeyError, TypeError, AttributeError):
        return TestRun(loads=loads, ended=Ended(
            cause="untrusted", seconds=outcome.ended.seconds,
            detail="it wrote nonsense where results belong"))


def _read(outcome: Outcome, methods: Sequence[str]) -> TestRun:
    messages = list(outcome.messages)
    if messages and messages[0].keys() == {"broken"}:
        return TestRun(ended=outcome.ended, broken=_why(messages[0]["broken"]))
    if not messages:
        raise _Short
    if messages.pop(0) != {"loads": True}:
        raise Untrustworthy("a file that neither loads nor is broken")
    cases = {}
    for method in methods:
        if not messages:
            raise _Short
        message = messages.pop(0)
        if message.get("method") != method:
            raise Untrustworthy("another method than the one asked for")
        cases[method] = tuple(map(_case, entries(message["cases"])))
    scaffold = (entries(messages.pop(0)["scaffold"])
                if messages and "scaffold" in messages[0] else [])
    if not messages:
        raise _Short
    if messages != [{"done": True}]:
        raise Untrustworthy("a run without an end")
    return TestRun(ended=outcome.ended, loads=True, cases=cases,
                   scaffold=scaffold)


def _case(data: Any) -> Case:
    if data["outcome"] not in OUTCOMES:
        raise Untrustworthy("an unknown outcome")
    return Case(name=text(data["case"]), outcome=data["outcome"],
                why=None if data["why"] is None else _why(data["why"]),
                assertions=_number(data["assertions"]),
                network=_number(data["network"]),
                calls=_number(data["calls"]))


def _why(data: Any) -> Why:
    return Why(kind=text(data["kind"]), text=text(data["text"]),
               line=line_number(data["line"]))


def _number(data: Any) -> int:
    if type(data) is not int:
        raise Untrustworthy("a number is missing")
    return data
