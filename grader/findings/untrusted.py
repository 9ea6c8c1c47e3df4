"""Decodes answers from inside the wall, which may be forged.

Each function checks one kind of value and raises Untrustworthy for any
other. Texts are cut and made printable, lists are cut.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from grader.findings.finding import Finding
from grader.kit.failure import CAUSES
from grader.kit.traits import Annotation, Traits
from grader.kit.values import clipped

# Characters of a text, and entries of a list; the rest is dropped.
_MAX_TEXT = 400
_MAX_ENTRIES = 50
LAST_LINE = 1 << 20


class Untrustworthy(ValueError):
    """An answer that is not in the agreed form."""


@dataclass(frozen=True, kw_only=True)
class Remarks:
    """All that one dimension says about one task.

    Without failures and without `error`, which is why the grader could not
    tell, the dimension passes. `catches` maps each fault to the learner's
    test cases that caught it. `traits` are those of the definitions that
    were judged, or of the objects that were called.
    """

    failures: tuple[Finding, ...] = ()
    advice: tuple[str, ...] = ()
    error: str | None = None
    seconds: float = 0.0
    catches: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    traits: tuple[Traits, ...] = ()


def decode(answer: object, ids: Iterable[str],
           dimension: str) -> dict[str, Remarks]:
    """Return the remarks on these files from a tool's answer, by id."""
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
        error=optional(entry.get("error")),
        traits=tuple(map(traits, entries(entry.get("traits", [])))))


def finding(entry: Mapping[str, object], dimension: str,
            check: str) -> Finding:
    """Return one failure of a check."""
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
    """Return the number of a line, or None.

    No file that is read has more than LAST_LINE lines.
    """
    if value is not None and (type(value) is not int
                              or not 0 <= value <= LAST_LINE):
        raise Untrustworthy("a line is not a number")
    return value


def traits(value: object) -> Traits:
    """Return the traits of a function or variable."""
    entry = mapping(value)
    found = entry.get("annotations")
    return Traits(
        name=text(entry.get("name")), kind=optional(entry.get("kind")),
        line=line_number(entry.get("line")),
        code=optional(entry.get("code")),
        layers=line_number(entry.get("layers")) or 0,
        annotations=None if found is None else {
            text(name): _annotation(mapping(each)) for name, each
            in itertools.islice(mapping(found).items(), _MAX_ENTRIES)})


def _annotation(entry: Mapping[str, object]) -> Annotation:
    words = entry.get("words")
    return Annotation(
        text=text(entry.get("text")),
        words=None if words is None else [text(each)
                                          for each in entries(words)])


def printed(value: object) -> str:
    """Return the output of a program, cut and made printable."""
    if not isinstance(value, str):
        raise Untrustworthy("a text is missing")
    return "\n".join(map(text, value.splitlines()[:_MAX_ENTRIES]))


def mapping(value: object) -> dict[str, object]:
    """Return a JSON object."""
    if not isinstance(value, dict):
        raise Untrustworthy("an object is missing")
    return value


def entries(value: object) -> list[object]:
    """Return a list, cut."""
    if not isinstance(value, list):
        raise Untrustworthy("a list is missing")
    return value[:_MAX_ENTRIES]


def optional(value: object) -> str | None:
    """Return a text, or None."""
    return None if value is None else text(value)


def text(value: object) -> str:
    """Return a text, cut, with unprintable characters escaped."""
    if not isinstance(value, str):
        raise Untrustworthy("a text is missing")
    cut = clipped(value, _MAX_TEXT)
    # Nearly all are: to look at each character takes ten times as long.
    if cut.isprintable():
        return cut
    return "".join(
        char if char.isprintable()
        else char.encode("unicode_escape").decode()
        for char in cut)
