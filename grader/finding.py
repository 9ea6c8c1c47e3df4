"""What the dimensions say about a submission's files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from grader.kit.failure import CAUSES


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A failure of one check, worded for the learner.

    `cause` is one of grader.kit.failure.CAUSES; `call`, `expected` and
    `got` are Python source texts where the check is about a call.
    """

    dimension: str
    check: str
    cause: str
    message: str
    call: str | None = None
    expected: str | None = None
    got: str | None = None
    line: int | None = None


@dataclass(frozen=True, kw_only=True)
class Remarks:
    """All that one dimension has to say about one task.

    `error` says why the grader could not tell, which blames nobody;
    without it, no failures means that the dimension passes.
    """

    failures: tuple[Finding, ...] = ()
    advice: tuple[str, ...] = ()
    error: str | None = None
    seconds: float = 0.0


class Untrustworthy(Exception):
    """What came out of the wall is not what a run can have said."""


def decode(answer: object, ids: Sequence[str],
           dimension: str) -> dict[str, Remarks]:
    """Read {"files": {id: {...}}} from the wall; raises Untrustworthy."""
    files = answer.get("files") if isinstance(answer, dict) else None
    if not isinstance(files, dict) or set(files) != set(ids):
        raise Untrustworthy("other files than those asked about")
    return {id: _remarks(files[id], dimension) for id in ids}


def _remarks(entry: Any, dimension: str) -> Remarks:
    if not isinstance(entry, dict):
        raise Untrustworthy("an entry is no object")
    if "error" in entry:
        return Remarks(error=text(entry["error"]))
    return Remarks(
        failures=tuple(finding(each, dimension, dimension)
                       for each in items(entry.get("failures"))),
        advice=tuple(text(each) for each in items(entry.get("advice"))))


def finding(data: Any, dimension: str, check: str) -> Finding:
    """Read one failure; raises Untrustworthy."""
    if not isinstance(data, dict) or data.get("cause") not in CAUSES:
        raise Untrustworthy("a failure without a cause")
    line = data.get("line")
    if line is not None and type(line) is not int:
        raise Untrustworthy("a line is no number")
    return Finding(dimension=dimension, check=check, cause=data["cause"],
                   message=text(data.get("message")),
                   call=_optional(data.get("call")),
                   expected=_optional(data.get("expected")),
                   got=_optional(data.get("got")), line=line)


def items(data: Any) -> list[Any]:
    """Return a list, or raise Untrustworthy."""
    if not isinstance(data, list) or len(data) > 1000:
        raise Untrustworthy("a list is missing or endless")
    return data


def text(data: Any) -> str:
    """Return a text, cut; raises Untrustworthy."""
    if not isinstance(data, str):
        raise Untrustworthy("a text is missing")
    return data[:2000]


def _optional(data: Any) -> str | None:
    return None if data is None else text(data)
