"""Runs pycodestyle as a library, with fixed options, and words its findings.

No configuration file and no `# noqa` comment has an effect.
"""

from __future__ import annotations

import io
import re
import token
import tokenize
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

import pycodestyle  # type: ignore[import-untyped]

from grader.inside.style import later_rules

MAX_LINE_LENGTH = 79
# pycodestyle lets pass a long line that is one word, since that may be an
# address. No address has this length.
MAX_WORD_LENGTH = 500
# pycodestyle's own defaults, spelt out so that nothing can change them.
IGNORED = ("E121", "E123", "E126", "E226", "E24", "E704", "W503", "W504")
# pycodestyle has no option to ignore `# noqa`, so a letter is replaced.
_NOQA = re.compile(r"(?i)(# n)o(?=qa|pep8)")
# Rules about whole lines, which apply inside of strings as well.
_OF_LINES = ("E101", "E501", "W191", "W291", "W293", "W605")
Place = tuple[int, int]

_WORDS = {
    "E101": "the indentation mixes tabs and spaces",
    "E111": "the indentation is not a multiple of four spaces",
    "E114": "the comment is not indented by a multiple of four spaces",
    "E117": "the line is indented too far",
    "E127": "the continued line is indented too far",
    "E128": "the continued line is not indented far enough",
    "E201": "there is a blank after the opening bracket",
    "E202": "there is a blank before the closing bracket",
    "E204": "there is a blank after the @ of a decorator",
    "E203": "there is a blank before the punctuation",
    "E211": "there is a blank before the bracket of a call",
    "E221": "there are several blanks before an operator",
    "E222": "there are several blanks after an operator",
    "E225": "an operator lacks a blank on one side or both",
    "E228": "an operator lacks a blank on one side or both",
    "E231": "a comma or colon lacks the blank after it",
    "E251": "there are blanks around the = of a keyword or a default",
    "E252": "the = of an annotated default lacks blanks around it",
    "E261": "an inline comment needs two blanks before it",
    "E262": "an inline comment should start with '# '",
    "E265": "a comment should start with '# '",
    "E271": "there are several blanks after a keyword",
    "E275": "a keyword lacks the blank after it",
    "E301": "a method needs one blank line before it",
    "E302": "a top-level definition needs two blank lines before it",
    "E303": "there are too many blank lines",
    "E305": "what follows a top-level definition needs two blank lines "
            "before it",
    "E306": "an inner definition needs one blank line before it",
    "E402": "the import is not at the top of the file",
    "E501": "the line is longer than 79 characters",
    "E701": "there are several statements on one line",
    "E702": "there are several statements on one line",
    "E703": "the statement ends in a semicolon",
    "E711": "None should be compared with is or is not",
    "E712": "True and False need no comparison",
    "E722": "a bare except catches everything",
    "E731": "a lambda with a name should be a def",
    "W191": "the indentation is made of tabs",
    "W291": "there are blanks at the end of the line",
    "W292": "the file does not end in a newline",
    "W293": "the blank line is not empty",
    "W391": "there are blank lines at the end of the file",
    "W605": "a string holds a backslash that means nothing there",
}


class Slip(NamedTuple):
    """One finding; `line` and `column` count from 1.

    `is_later` means that pycodestyle 2.5, which the course names, does not
    have it.
    """

    line: int
    column: int
    code: str
    words: str
    is_later: bool = False

    def sentence(self) -> str:
        """Return the finding with its place and code, in one line."""
        return (f"line {self.line}, column {self.column}: "
                f"{self.words} [{self.code}]")


def slips(text: str) -> list[Slip]:
    """Return the findings on the text of a file, in the order of lines."""
    lines = list(io.StringIO(_NOQA.sub(r"\1_", text)))
    guide = _guide()
    report = guide.init_report(_Collector)
    guide.input_file("file.py", lines=lines)
    spans = list(_f_strings(text))
    return sorted({*_endless(lines), *(
        slip._replace(is_later=later_rules.is_later(
            slip.code, lines, slip.line - 1, slip.column - 1))
        for slip in report.found
        if slip.code in _OF_LINES or not any(
            start < (slip.line, slip.column - 1) < end
            for start, end in spans))})


def _endless(lines: list[str]) -> Iterator[Slip]:
    """Yield the lines that are too long even for a single word."""
    for number, line in enumerate(lines, 1):
        if len(line.rstrip()) > MAX_WORD_LENGTH:
            yield Slip(number, MAX_LINE_LENGTH + 1, "E501", _WORDS["E501"])


def _f_strings(text: str) -> Iterator[tuple[Place, Place]]:
    """Yield begin and end of each f-string, from Python 3.12 on.

    Earlier versions have one token for an f-string, and pycodestyle finds
    nothing in it. A verdict must not depend on the version, so findings
    within these places are dropped.
    """
    begin = getattr(token, "FSTRING_START", None)
    end = getattr(token, "FSTRING_END", None)
    opened: list[Place] = []
    try:
        for each in tokenize.generate_tokens(io.StringIO(text).readline):
            if each.type == begin:
                opened.append(each.start)
            elif each.type == end:
                yield opened.pop(), each.end
    except (tokenize.TokenError, SyntaxError):
        return


class _Collector(pycodestyle.BaseReport):  # type: ignore[misc]
    """A report of pycodestyle that keeps findings instead of printing."""

    def __init__(self, options: Any) -> None:
        super().__init__(options)
        self.found: list[Slip] = []

    def error(self, line_number: int, offset: int, text: str,
              check: object) -> str | None:
        """Keep one finding; pycodestyle calls this."""
        code = text[:4]
        if not self._ignore_code(code):
            self.found.append(Slip(line_number, offset + 1, code,
                                   _WORDS.get(code, text[5:])))
        return None


@cache
def _guide() -> Any:
    """Return pycodestyle's guide with our options; it reads no file."""
    return pycodestyle.StyleGuide(
        parse_argv=False, config_file=None, max_line_length=MAX_LINE_LENGTH,
        ignore=IGNORED, select=(), quiet=1)
