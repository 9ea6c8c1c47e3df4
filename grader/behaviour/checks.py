"""What came of the checks of a run, read with distrust; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.finding import Finding
from grader.isolation.outcome import LEFT, Ended, Outcome
from grader.kit.difference import wording
from grader.kit.packing import unpack
from grader.kit.values import same, show
from grader.remarks import (
    Untrustworthy, entries, finding, line_number, mapping, optional, printed,
    text)


@dataclass(frozen=True, kw_only=True)
class Check:
    """What came of one check; `finding` is None if it passed.

    Of one that failed, `at` is where the suite or the kit said so, and
    `compared` holds, packed, what was expected and what came, if values
    were compared.
    """

    finding: Finding | None
    at: tuple[str, int] | None = None
    compared: tuple[Any, ...] = ()
    observed: tuple[tuple[str, Any], ...] = ()
    advice: tuple[str, ...] = ()


def read_outcome(outcome: Outcome, tests: Sequence[str]
                 ) -> tuple[dict[str, Check], str, Ended | None]:
    """Return the finished checks, and which one ended the run and how.

    Nothing the run wrote is believed beyond its form: the checks must be
    those asked for, in order, each once, followed by "done".
    """
    done: dict[str, Check] = {}
    ended = outcome.ended
    try:
        complete = _read_messages(outcome.messages, tests, done)
    except (Untrustworthy, KeyError):
        complete = False
        ended = Ended(cause="output", detail="it wrote nonsense where "
                                             "results belong")
    if complete and ended.cause is None and len(done) == len(tests):
        return done, "", None
    culprit = tests[min(len(done), len(tests) - 1)]
    if ended.cause is None:
        ended = Ended(cause="exited", detail=LEFT)
    return done, culprit, ended


@dataclass(frozen=True, kw_only=True)
class Stuck:
    """Where a run was as its time ran out, as far as it said so."""

    call: str | None = None
    line: int | None = None
    output: str = ""


def where_stuck(outcome: Outcome) -> Stuck:
    """Return the call and the line that a run was at as its time ran out.

    The run says so itself: it is for people, and may be a lie.
    """
    said: object = None
    for message in outcome.messages:
        said = message.get("stuck", said)
    try:
        place = mapping(said)
        return Stuck(call=optional(place.get("call")),
                     line=line_number(place.get("line")) or None,
                     output=printed(place.get("output")))
    except Untrustworthy:
        return Stuck()


def _read_messages(messages: Sequence[dict[str, Any]], tests: Sequence[str],
                   done: dict[str, Check]) -> bool:
    queue = iter(tests)
    for message in messages:
        if message == {"done": True}:
            return message is messages[-1]
        if message.keys() in ({"start"}, {"stuck"}):
            continue
        if "crash" in message:
            return False
        test = next(queue, None)
        if test is None or message.get("check") != test:
            raise Untrustworthy("a check that was not asked for")
        done[test] = _check(message, test)
    return False


def _check(message: dict[str, Any], test: str) -> Check:
    passed = message["outcome"] == "pass"
    observed = [_pair(each) for each in entries(message["observed"])]
    return Check(
        finding=None if passed else finding(message, "behaviour",
                                            test.split(".")[1]),
        at=_place(message.get("at")),
        compared=tuple(entries(message.get("compared", []))),
        observed=tuple(observed),
        advice=tuple(map(text, entries(message["advice"]))))


def _pair(data: object) -> tuple[str, Any]:
    if not isinstance(data, list) or len(data) != 2:
        raise Untrustworthy("an observation is a call and its result")
    return text(data[0]), data[1]


def _place(data: object) -> tuple[str, int] | None:
    match data:
        case [str(file), int(line)]:
            return file, line
    return None


def untrusted(test: str) -> Finding:
    """Return the failure of a check whose result cannot be believed."""
    return Finding(
        dimension="behaviour", check=test.split(".")[1], cause="untrusted",
        message="the result of this check does not depend on what the code "
                "does, so it cannot be believed: a person should look")


def compare(checks: Mapping[str, Check],
            right: Mapping[str, Check]) -> dict[str, Check]:
    """Hold what was observed against what the model does on the same."""
    return {test: _compare(each, right[test].observed, test)
            for test, each in checks.items()}


def _compare(check: Check, right: Sequence[tuple[str, Any]],
             test: str) -> Check:
    method = test.split(".")[1]
    if len(check.observed) != len(right):
        return Check(finding=Finding(
            dimension="behaviour", check=method, cause="untrusted",
            message="the results do not belong to the calls made"))
    for (call, value), (_, expected) in zip(check.observed, right):
        if not agree(expected, value):
            wanted, got = _unpacked(expected), _unpacked(value)
            return Check(finding=Finding(
                dimension="behaviour", check=method, cause="wrong",
                message=wording(wanted, got, call),
                call=call, expected=show(wanted), got=show(got)))
    return check


def agree(expected: Any, value: Any) -> bool:
    """Tell whether packed data from a run is the expected value."""
    try:
        return same(unpack(expected), unpack(value))
    except (ValueError, RecursionError):
        return False


def _unpacked(value: Any) -> object:
    try:
        return unpack(value)
    except (ValueError, RecursionError):
        return "nonsense"
