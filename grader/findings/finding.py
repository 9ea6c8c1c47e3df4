"""One thing a dimension has to say against a submission."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

_NAME = re.compile(r"[A-Za-z_]\w*")
_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_METHOD = re.compile(r"([A-Za-z_]\w*)\.([A-Za-z_]\w*)")
# Never tried twice: one that has no end goes on to the end of the file.
_LONG_TEXT = re.compile(
    r'''"{3}(?:\\.|[^"]|"(?!""))*(?:"{3}|\Z)'''
    r"""|'{3}(?:\\.|[^']|'(?!''))*(?:'{3}|\Z)""", re.DOTALL)
_DEFINED = re.compile(
    r"^[ \t]*(?:async[ \t]+def|def|class)[ \t]+(?P<name>\w+)"
    r"|^(?P<variable>\w+)[ \t]*[:=]", re.MULTILINE)
_UNINDENTED = re.compile(r"\n(?=\S)")
# A longer one is not read to its end.
_LONGEST_CALL = 1000


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
    for outline in _outlines(source):
        at = outline.place((call or "")[:_LONGEST_CALL])
        if at is not None:
            return outline.code.count("\n", 0, at) + 1
    return None


@lru_cache(maxsize=8)
def _outlines(source: str) -> tuple[_Outline, _Outline]:
    """Return what a file defines, without its long texts and with them."""
    code = _LONG_TEXT.sub(lambda text: "\n" * text[0].count("\n"), source)
    return _Outline(code), _Outline(source)


class _Outline:
    """Where a text defines what, found in one pass over it."""

    def __init__(self, code: str) -> None:
        self.code = code
        # Of each name, all the places of definitions, first to last.
        self._defined: dict[str, list[int]] = {}
        self._variables: dict[str, int] = {}
        for found in _DEFINED.finditer(code):
            if found["name"]:
                self._defined.setdefault(found["name"], []).append(
                    found.start())
            else:
                self._variables.setdefault(found["variable"], found.start())

    def place(self, call: str) -> int | None:
        """Return where the definition of what is called begins."""
        if method := _METHOD.fullmatch(call):
            return self._method(method[1], method[2])
        names = _NAME.findall(_TEXT.sub("''", call))
        places = [self._variables[name] for name in names[:1]
                  if name in self._variables]
        for name in names:
            if places := places + self._defined.get(name, [])[:1]:
                return min(places)
        return None

    def _method(self, class_name: str, name: str) -> int | None:
        """Return where a method begins, or its class if that has none."""
        kind, *_ = self._defined.get(class_name, [None])
        if kind is None:
            return None
        body = self.code.index(class_name, kind)
        after = _UNINDENTED.search(self.code, body)
        end = after.start() if after else len(self.code)
        inside = (place for place in self._defined.get(name, [])
                  if body < place < end)
        return next(inside, kind)


def where(message: str, line: int | None) -> str:
    """Return "line 3", or "" where a message says so itself or none is."""
    at = f"line {line}"
    return "" if not line or re.search(rf"{at}\b", message) else at
