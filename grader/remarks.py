"""What a tool inside the wall says about one file, read with distrust."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from grader.finding import Finding

CAUSES = ("wrong", "missing", "broken", "refused")
_MAX_TEXT = 400
_MAX_ENTRIES = 50


class Untrustworthy(ValueError):
    """An answer that is not in the agreed form."""


@dataclass(frozen=True, kw_only=True)
class Remarks:
    """All that was found in one file.

    `error` says why the grader could not tell, which is its own fault.
    """

    failures: tuple[Finding, ...] = ()
    advice: tuple[str, ...] = ()
    error: str | None = None


def decode(answer: object, ids: Iterable[str],
           dimension: str) -> dict[str, Remarks]:
    """Read the answer of a tool about exactly these files.

    Raises Untrustworthy for anything but the agreed form.
    """
    files = _mapping(_mapping(answer).get("files"))
    wanted = list(ids)
    if set(files) != set(wanted):
        raise Untrustworthy("the answer is about other files")
    return {id: _remarks(_mapping(files[id]), dimension) for id in wanted}


def _remarks(entry: dict[str, object], dimension: str) -> Remarks:
    return Remarks(
        failures=tuple(_finding(_mapping(one), dimension)
                       for one in _entries(entry.get("failures"))),
        advice=tuple(_text(one) for one in _entries(entry.get("advice"))),
        error=_optional(entry.get("error")))


def _finding(entry: dict[str, object], dimension: str) -> Finding:
    cause = _text(entry.get("cause"))
    if cause not in CAUSES:
        raise Untrustworthy("a failure has no known cause")
    line = entry.get("line")
    if line is not None and (type(line) is not int or line < 0):
        raise Untrustworthy("a line is not a number")
    return Finding(
        dimension=dimension, check=dimension, cause=cause, line=line,
        message=_text(entry.get("message")),
        expected=_optional(entry.get("expected")),
        got=_optional(entry.get("got")))


def _mapping(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise Untrustworthy("an object is missing")
    return value


def _entries(value: object) -> list[object]:
    if not isinstance(value, list):
        raise Untrustworthy("a list is missing")
    return value[:_MAX_ENTRIES]


def _optional(value: object) -> str | None:
    return None if value is None else _text(value)


def _text(value: object) -> str:
    """Return a text cut to size, with what is not printable escaped."""
    if not isinstance(value, str):
        raise Untrustworthy("a text is missing")
    cut = value if len(value) <= _MAX_TEXT else value[:_MAX_TEXT] + "..."
    return "".join(
        char if char.isprintable()
        else char.encode("unicode_escape").decode() for char in cut)
