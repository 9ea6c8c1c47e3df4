"""Cuts MySQL's SQL into tokens, white space and comments among them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

# In this order: a comment is no operator, and a number may start a name.
_TOKEN = re.compile(r"""
    (?P<space>(?:\s+|--(?:(?=\s)[^\n]*|$)|\#[^\n]*|/\*.*?\*/)+)
  | (?P<string>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")
  | (?P<quoted>`(?:[^`]|``)*`)
  | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w$]))
  | (?P<name>(?:@@(?i:session|global|local)\.|@{0,2})[\w$]+)
  | (?P<mark>%s|%\(\w+\)s|\?)
  | (?P<op><=>|<>|!=|<=|>=|:=|&&|\|\||.)
""", re.VERBOSE | re.DOTALL)

_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "b": "\b",
            "Z": "\x1a", "%": "\\%", "_": "\\_"}


class Token(NamedTuple):
    """A piece of a statement; `upper` is empty for strings and spaces."""

    kind: str
    text: str
    upper: str


Tokens = tuple[Token, ...]


@lru_cache(maxsize=512)
def lex(sql: str) -> Tokens:
    """Return the tokens of a text; joined, their texts are that text."""
    found = []
    for match in _TOKEN.finditer(sql):
        kind = match.lastgroup or "op"
        plain = kind in ("name", "op", "number")
        found.append(Token(kind, match[0],
                           match[0].upper() if plain else ""))
    return tuple(found)


def significant(tokens: Tokens) -> Tokens:
    """Return tokens without white space and comments."""
    return tuple(token for token in tokens if token.kind != "space")


def first_word(tokens: Tokens) -> Token | None:
    """Return the first token that is no space or comment, None without one.
    """
    return next((each for each in tokens if each.kind != "space"), None)


# Learners insert a thousand rows with one text.
@lru_cache(maxsize=512)
def statements(sql: str) -> tuple[Tokens, ...]:
    """Split a text at semicolons, and drop what is blank.

    A comment after the last semicolon stays: to the server it is one more
    statement, an empty one.
    """
    parts: list[list[Token]] = [[]]
    for token in lex(sql):
        if token.text == ";" and token.kind == "op":
            parts.append([])
        else:
            parts[-1].append(token)
    return tuple(tuple(part) for part in parts if joined(tuple(part)))


def split(tokens: Tokens, separator: str = ",") -> list[Tokens]:
    """Split tokens at a separator outside of parentheses."""
    parts: list[list[Token]] = [[]]
    depth = 0
    for token in tokens:
        if token.kind == "op":
            depth += (token.text == "(") - (token.text == ")")
        if token.upper == separator and not depth:
            parts.append([])
        else:
            parts[-1].append(token)
    return [tuple(part) for part in parts]


def joined(tokens: Tokens) -> str:
    """Return the text of tokens as it was written."""
    return "".join(token.text for token in tokens).strip()


def spaced(tokens: Tokens) -> Tokens:
    """Put a space after each of the tokens, which have none."""
    blank = Token("space", " ", "")
    return tuple(part for token in tokens for part in (token, blank))


def identifier(token: Token) -> str | None:
    """Return the name that a token spells, or None if it is no name."""
    if token.kind == "quoted":
        return token.text[1:-1].replace("``", "`")
    return token.text if token.kind == "name" else None


def value(token: Token) -> str:
    """Return the text of a string literal, with its escapes resolved."""
    quote = token.text[0]
    body = token.text[1:-1].replace(quote * 2, quote)
    return re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[1]), body,
                  flags=re.DOTALL)


def literal(text: str) -> str:
    """Return a text as a string literal of SQLite."""
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    """Return a name quoted for SQLite.

    Double quotes will not do: SQLite takes an unknown name in them for a
    string.
    """
    return "`" + text.replace("`", "``") + "`"
