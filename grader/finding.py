"""One thing a dimension has to say against a submission."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_NAME = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A failure of one check, worded for the learner.

    `cause` is one of grader.kit.failure.CAUSES; `call`, `expected` and
    `got` are Python source texts where the check is about a call; `output`
    is what was printed meanwhile.
    """

    dimension: str
    check: str
    cause: str
    message: str
    call: str | None = None
    expected: str | None = None
    got: str | None = None
    line: int | None = None
    output: str = ""


def located(finding: Finding, source: str) -> Finding:
    """Point a failure of a call at the line that defines what is called."""
    if finding.line is not None:
        return finding
    return replace(finding, line=line_of(finding.call, source))


def line_of(call: str | None, source: str) -> int | None:
    """Return the line that defines what is called, as in "floor(-1.5)"."""
    found = _NAME.match(call or "")
    if not found:
        return None
    name = re.escape(found[0])
    defined = re.search(rf"^[ \t]*(?:async[ \t]+def|def|class)[ \t]+{name}\b"
                        rf"|^{name}[ \t]*[:=]", source, re.MULTILINE)
    return source.count("\n", 0, defined.start()) + 1 if defined else None


def where(message: str, line: int | None) -> str:
    """Return "line 3", or "" where a message says so itself or none is."""
    at = f"line {line}"
    return "" if not line or re.search(rf"{at}\b", message) else at
