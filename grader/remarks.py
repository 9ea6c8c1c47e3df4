"""What a dimension says about one task, read with distrust."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.finding import Finding
from grader.kit.failure import CAUSES
from grader.kit.values import clipped

_MAX_TEXT = 400
_MAX_ENTRIES = 50
LAST_LINE = 1 << 20


class Untrustworthy(ValueError):
    """An answer that is not in the agreed form."""


@dataclass(frozen=True, kw_only=True)
class Remarks:
    """All that one dimension has to say about one task.

    `error` says why the grader could not tell, which blames nobody;
    without it, no failures means that the dimension passes. `catches`
    says of each fault which of the learner's test cases caught it.
    """

    failures: tuple[Finding, ...] = ()
    advice: tuple[str, ...] = ()
    error: str | None = None
    seconds: float = 0.0
    catches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def decode(answer: object, ids: Iterable[str],
           dimension: str) -> dict[str, Remarks]:
    """Read the answer of a tool about exactly these files.

    Raises Untrustworthy for anything but the agreed form.
    """
    files = mapping(mapping(answer).get("files"))
    wanted = list(ids)
    if set(files) != set(wanted):
        raise Untrustworthy("the answer is about other files")
    return {id: _remarks(mapping(files[id]), dimension) for id in wanted}


def _remarks(entry: dict[str, object], dimension: str) -> Remarks:
    return Remarks(
        failures=tuple(finding(mapping(one), dimension, dimension)
                       for one in entries(entry.get("failures"))),
        advice=tuple(text(one) for one in entries(entry.get("advice"))),
        error=optional(entry.get("error")))


def finding(entry: Mapping[str, object], dimension: str,
            check: str) -> Finding:
    """Read one failure of a check; raises Untrustworthy."""
    cause = text(entry.get("cause"))
    if cause not in CAUSES:
        raise Untrustworthy("a failure has no known cause")
    return Finding(
        dimension=dimension, check=check, cause=cause,
        line=line_number(entry.get("line")),
        message=text(entry.get("message")),
        call=optional(entry.get("call")),
        expected=optional(entry.get("expected")),
        got=optional(entry.get("got")),
        output=printed(entry.get("output", "")))


def line_number(value: object) -> int | None:
    """Return None or the number of a line, or raise Untrustworthy.

    No file that was taken in has more lines than LAST_LINE.
    """
    if value is not None and (type(value) is not int
                              or not 0 <= value <= LAST_LINE):
        raise Untrustworthy("a line is not a number")
    return value


def printed(value: object) -> str:
    """Return what a program printed, line by line, cut and escaped."""
    if not isinstance(value, str):
        raise Untrustworthy("a text is missing")
    return "\n".join(map(text, value.splitlines()[:_MAX_ENTRIES]))


def mapping(value: object) -> dict[str, object]:
    """Return an object, or raise Untrustworthy."""
    if not isinstance(value, dict):
        raise Untrustworthy("an object is missing")
    return value


def entries(value: object) -> list[object]:
    """Return a list, cut, or raise Untrustworthy."""
    if not isinstance(value, list):
        raise Untrustworthy("a list is missing")
    return value[:_MAX_ENTRIES]


def optional(value: object) -> str | None:
    """Return None or a text, or raise Untrustworthy."""
    return None if value is None else text(value)


def text(value: object) -> str:
    """Return a text cut to size, with what is not printable escaped."""
    if not isinstance(value, str):
        raise Untrustworthy("a text is missing")
    return "".join(
        char if char.isprintable()
        else char.encode("unicode_escape").decode()
        for char in clipped(value, _MAX_TEXT))
