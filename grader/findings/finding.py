"""A failure of one check, and the line of the learner's file it belongs to."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

_NAME = re.compile(r"[A-Za-z_]\w*")
_TEXT = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_METHOD = re.compile(r"([A-Za-z_]\w*)\.([A-Za-z_]\w*)")
# A string without an end is taken to reach to the end of the file. If the
# pattern failed there instead, each quote would be tried again, in a time
# that grows with the square of the file's length.
_LONG_TEXT = re.compile(
    r'''"{3}(?:\\.|[^"]|"(?!""))*(?:"{3}|\Z)'''
    r"""|'{3}(?:\\.|[^']|'(?!''))*(?:'{3}|\Z)""", re.DOTALL)
_DEFINED = re.compile(
    r"^[ \t]*(?:async[ \t]+def|def|class)[ \t]+(?P<name>\w+)"
    r"|^(?P<variable>\w+)[ \t]*[:=]", re.MULTILINE)
_UNINDENTED = re.compile(r"\n(?=\S)")
# Of a longer call only the beginning is searched for names.
_LONGEST_CALL = 1000


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A failure of one check, worded for the learner.

    `cause` is one of grader.kit.failure.CAUSES. `call`, `expected` and
    `got` are Python source, None if the check is not about a call. `line`
    counts from 1. `output` is what was printed during the call.
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
    """Return the finding with the line that defines what is called.

    One that has a line already is returned as it is.
    """
    if finding.line is not None:
        return finding
    return replace(finding, line=line_of(finding.call, source))


def line_of(call: str | None, source: str) -> int | None:
    """Return the line of the definition that a call is about, or None.

    For "floor(-1.5)" that is floor, for "TestFloor.test_floor" the method,
    and for others, such as "with ExecuteQuery(...)", the first name that
    the file defines.
    """
    # Without long strings first: a docstring may show the same definition.
    for outline in _outlines(source):
        at = outline.place((call or "")[:_LONGEST_CALL])
        if at is not None:
            return outline.code.count("\n", 0, at) + 1
    return None


@lru_cache(maxsize=8)
def _outlines(source: str) -> tuple[_Outline, _Outline]:
    """Return the outlines of a file without its long strings, and with them.
    """
    code = _LONG_TEXT.sub(lambda text: "\n" * text[0].count("\n"), source)
    return _Outline(code), _Outline(source)


class _Outline:
    """The places of all definitions in a source, found in one pass.

    By patterns, not by the parser: a file with a syntax error has them, too.
    """

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
        """Return the offset of the definition that a call is about."""
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
        """Return the offset of a method, or of its class without one."""
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
    """Return "line 3", or "" if there is none or the message has it."""
    at = f"line {line}"
    return "" if not line or re.search(rf"{at}\b", message) else at
