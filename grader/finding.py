"""One thing a dimension has to say against a submission."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_NAME = re.compile(r"[A-Za-z_]\w*")
_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_METHOD = re.compile(r"([A-Za-z_]\w*)\.([A-Za-z_]\w*)")
# Never tried twice: one that has no end goes on to the end of the file.
_LONG_TEXT = re.compile(
    r'''"{3}(?:\\.|[^"]|"(?!""))*(?:"{3}|\Z)'''
    r"""|'{3}(?:\\.|[^']|'(?!''))*(?:'{3}|\Z)""", re.DOTALL)


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

    That is floor in "floor(-1.5)", the method in "TestFloor.test_floor", or
    else the first function or class of the file's that is named, as in
    "with ExecuteQuery(...)". Docstrings may show code that looks the same.
    """
    code = _LONG_TEXT.sub(lambda text: "\n" * text[0].count("\n"), source)
    for text in (code, source):
        at = _definition(call or "", text)
        if at is not None:
            return text.count("\n", 0, at) + 1
    return None


def _definition(call: str, code: str) -> int | None:
    """Return where in the code the definition begins."""
    if method := _METHOD.fullmatch(call):
        return _method(method[1], method[2], code)
    names = _NAME.findall(_TEXT.sub("''", call))
    variable = rf"|^{names[0]}[ \t]*[:=]" if names else ""
    for name in names:
        if defined := _search(name, code, variable):
            return defined.start()
        variable = ""
    return None


def _method(class_name: str, name: str, code: str) -> int | None:
    """Return where a method begins, or its class if that has none."""
    kind = _search(class_name, code)
    if kind is None:
        return None
    body = re.split(r"\n(?=\S)", code[kind.end():], maxsplit=1)[0]
    method = _search(name, body)
    return kind.end() + method.start() if method else kind.start()


def _search(name: str, code: str, variable: str = "") -> re.Match[str] | None:
    return re.search(
        rf"^[ \t]*(?:async[ \t]+def|def|class)[ \t]+{name}\b{variable}",
        code, re.MULTILINE)


def where(message: str, line: int | None) -> str:
    """Return "line 3", or "" where a message says so itself or none is."""
    at = f"line {line}"
    return "" if not line or re.search(rf"{at}\b", message) else at
