"""One thing a dimension has to say against a submission."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_NAME = re.compile(r"[A-Za-z_]\w*")
_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")


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
    """Return the line that defines what is called.

    That is floor in "floor(-1.5)", or else the first function or class of
    the file's that is named, as in "with ExecuteQuery(...)".
    """
    names = _NAME.findall(_TEXT.sub("''", call or ""))
    variable = rf"|^{names[0]}[ \t]*[:=]" if names else ""
    for name in names:
        defined = re.search(
            rf"^[ \t]*(?:async[ \t]+def|def|class)[ \t]+{name}\b{variable}",
            source, re.MULTILINE)
        if defined:
            return source.count("\n", 0, defined.start()) + 1
        variable = ""
    return None


def where(message: str, line: int | None) -> str:
    """Return "line 3", or "" where a message says so itself or none is."""
    at = f"line {line}"
    return "" if not line or re.search(rf"{at}\b", message) else at
