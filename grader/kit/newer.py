"""Tells which newer Python can read a text that this one cannot.

No other Python runs: syntax that is new since 3.11 is replaced by older
syntax, and if the text can be read then, nothing else was wrong.
"""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
import warnings
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Version = tuple[int, int]

# How deep nested f-strings are followed.
_DEEPEST = 20
# No exercise is as long, and longer texts take seconds.
_LONGEST = 50_000
_STRING = re.compile(r"([A-Za-z]{0,2})('''|\"\"\"|'|\")")
# Text that cannot begin or end a string, a comment or a bracket.
_PLAIN = re.compile(r"[^\"'#(){}\[\]:!\w]+|\w+")
_PARAMETERS: Version = (3, 12)
_DEFAULTS: Version = (3, 13)
_F_STRINGS: Version = (3, 12)
_T_STRINGS: Version = (3, 14)
_BARE_EXCEPT: Version = (3, 14)


def remark(text: str) -> str:
    """Return what to add to a syntax error, "" if no newer Python helps."""
    here = sys.version_info[:2]
    try:
        _parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        version = known_from(text)
        if version is not None and version > here:
            return (f" (Python {_dotted(here)} does not know this; "
                    f"{_dotted(version)} does)")
    return ""


def _dotted(version: Sequence[int]) -> str:
    return ".".join(map(str, version))


def known_from(text: str) -> Version | None:
    """Return the Python that can read a text; None if that is unknown."""
    if len(text) > _LONGEST:
        return None
    reader = _Reader(text)
    try:
        plain = reader.code()
        older = _older(plain, reader.versions)
        for each in older, *(f"({each}\n)" for each in reader.expressions):
            _parse(each)
    except (_Unknown, SyntaxError, ValueError, RecursionError, MemoryError,
            tokenize.TokenError):
        return None
    return max(reader.versions, default=None)


def _parse(text: str) -> None:
    with warnings.catch_warnings(action="ignore"):
        ast.parse(text)


class _Unknown(Exception):
    """A text that no Python can read."""


class _Reader:
    """Reads a text, and replaces each f-string by a plain string.

    `expressions` are those in the f-strings; `versions` are of Pythons that
    first know what was found.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self.expressions: list[str] = []
        self.versions: set[Version] = set()

    def code(self, is_field: bool = False) -> str:
        """Read code; that of a field ends before }, : or !."""
        parts: list[str] = []
        brackets = 0
        while self._at < len(self._text):
            char = self._text[self._at]
            if is_field and not brackets and self._ends_field(char):
                break
            if string := _STRING.match(self._text, self._at):
                parts.append(self._string(string))
            elif char == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end
            else:
                brackets += (char in "([{") - (char in ")]}")
                plain = _PLAIN.match(self._text, self._at)
                self._at = plain.end() if plain else self._at + 1
                parts.append(plain[0] if plain else char)
        return "".join(parts)

    def _ends_field(self, char: str) -> bool:
        return char in "}:" or char == "!" and not self._text.startswith(
            "!=", self._at)

    def _string(self, start: re.Match[str]) -> str:
        prefix, quote = start[1].lower(), start[2]
        begin, self._at = self._at, start.end()
        if not {"f", "t"} & set(prefix):
            self._skip(quote)
            return self._text[begin:self._at]
        self.versions.add(_T_STRINGS if "t" in prefix else _F_STRINGS)
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Unknown
        self._formatted(quote, "r" in prefix)
        self._depth -= 1
        return "''"

    def _skip(self, quote: str) -> None:
        """Go to the end of a string."""
        while not self._text.startswith(quote, self._at):
            step = 2 if self._text.startswith("\\", self._at) else 1
            self._go(step, quote)
        self._at += len(quote)

    def _go(self, step: int, quote: str) -> None:
        if self._at >= len(self._text) or (
                len(quote) == 1 and self._text[self._at] == "\n"):
            raise _Unknown
        self._at += step

    def _formatted(self, quote: str, is_raw: bool) -> None:
        while not self._text.startswith(quote, self._at):
            two = self._text[self._at:self._at + 2]
            if two in ("{{", "}}"):
                self._at += 2
            elif two[:1] == "{":
                self._field(quote)
            elif two[:1] == "}":
                raise _Unknown
            elif two == "\\N" and not is_raw:
                self._at = self._text.find("}", self._at) + 1 or len(
                    self._text)
            else:
                self._go(2 if two[:1] == "\\" and two != "\\{" else 1, quote)
        self._at += len(quote)

    def _field(self, quote: str) -> None:
        """Read {expression!r:format}; note the expression."""
        self._at += 1
        expression = self.code(is_field=True).strip()
        if not expression:
            raise _Unknown
        self.expressions.append(re.sub(r"(?<![=!<>])=$", "", expression))
        if self._text.startswith("!", self._at):
            self._at += 2
        if self._text.startswith(":", self._at):
            self._at += 1
            while not self._text.startswith("}", self._at):
                if self._text.startswith("{", self._at):
                    self._field(quote)
                else:
                    self._go(1, quote)
        if not self._text.startswith("}", self._at):
            raise _Unknown
        self._at += 1


# From where to where, and what is there instead.
_Edit = tuple[int, int, str]


def _older(text: str, versions: set[Version]) -> str:
    """Return a text without what is new in statements.

    The versions that know this are added.
    """
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    tokens = [_Token(token.string, starts[token.start[0] - 1]
                     + token.start[1], token.type == tokenize.NEWLINE)
              for token in tokenize.generate_tokens(
                  io.StringIO(text).readline)
              if token.type not in (tokenize.NL, tokenize.INDENT,
                                    tokenize.DEDENT, tokenize.COMMENT)]
    edits = sorted(_edits(tokens, versions), reverse=True)
    for start, end, new in edits:
        text = text[:start] + new + text[end:]
    return text


class _Token(NamedTuple):
    text: str
    start: int
    is_end: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def _edits(tokens: Sequence[_Token],
           versions: set[Version]) -> Iterator[_Edit]:
    done = 0
    for at, token in enumerate(tokens[:-2]):
        if at < done:
            continue  # within the brackets of an earlier token
        word, after = token.text, tokens[at + 2].text
        begins = not at or tokens[at - 1].is_end
        is_type = word == "type" and begins and tokens[
            at + 1].text.isidentifier() and after in ("=", "[")
        if is_type:
            versions.add(_PARAMETERS)
            yield token.start, tokens[at + 1].start, ""
        if after == "[" and (is_type or word in ("def", "class")):
            done = closing = _closing(tokens, at + 2)
            versions.add(_DEFAULTS if any(
                each.text == "=" for each in tokens[at + 2:closing])
                else _PARAMETERS)
            yield tokens[at + 2].start, tokens[closing].end, ""
        if word == "except" and begins:
            yield from _bare_except(tokens, at + 1, versions)


def _closing(tokens: Sequence[_Token], at: int) -> int:
    """Return where the bracket at a place is closed."""
    depth = 0
    for place in range(at, len(tokens)):
        depth += ((tokens[place].text in ("(", "[", "{"))
                  - (tokens[place].text in (")", "]", "}")))
        if not depth:
            return place
    raise _Unknown


def _bare_except(tokens: Sequence[_Token], at: int,
                 versions: set[Version]) -> Iterator[_Edit]:
    """Put brackets around `except A, B:`, but not around Python 2's."""
    at += tokens[at].text == "*"
    end = next((place for place in range(at, len(tokens))
                if tokens[place].text == ":" or tokens[place].is_end), at)
    words = [token.text for token in tokens[at:end]]
    if "," in words and not {"(", "as"} & {*words} and (
            words[-1][:1].isupper()):
        versions.add(_BARE_EXCEPT)
        yield tokens[at].start, tokens[end - 1].end, (
            f"({' '.join(words)})")
