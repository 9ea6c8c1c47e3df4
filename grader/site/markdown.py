"""Renders Markdown as HTML that works on phones and with screen readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.errors import UserError

try:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
except ImportError as error:
    raise UserError("the pages need a Markdown library that is not installed",
                    "pip install 'fundamentals-grader[site]'") from error

_NO_WORD = re.compile(r"[^\w]+")
_DEEPEST = 6


@dataclass(frozen=True, kw_only=True)
class Heading:
    """A heading of a page, and the name that links go to."""

    level: int
    id: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of a page, and its headings in order."""

    html: str
    headings: tuple[Heading, ...]


def render(text: str, deeper: int = 0) -> Part:
    """Return Markdown as HTML, with headings `deeper` levels further down.

    HTML in the text stays text.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = list(_reachable(parser.parse(text)))
    headings = tuple(_headings(parser, tokens, deeper))
    return Part(html=parser.renderer.render(tokens, parser.options, {}),
                headings=headings)


def inline(text: str) -> str:
    """Return one line of Markdown as HTML without a paragraph."""
    parser = MarkdownIt("commonmark", {"html": False})
    return str(parser.renderInline(text))


def _reachable(tokens: list[Token]) -> Iterator[Token]:
    """Let the keyboard scroll what may be wider than the screen."""
    for token in tokens:
        if token.type in ("fence", "code_block"):
            yield _raw('<div class="wide" tabindex="0">')
            yield token
            yield _raw("</div>\n")
        elif token.type == "table_open":
            yield _raw('<div class="wide" tabindex="0">')
            yield token
        elif token.type == "table_close":
            yield token
            yield _raw("</div>\n")
        else:
            yield token


def _raw(html: str) -> Token:
    return Token("html_block", "", 0, content=html)


def _headings(parser: MarkdownIt, tokens: list[Token],
              deeper: int) -> Iterator[Heading]:
    """Yield the headings, each made deeper and given an id of its own."""
    taken: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if token.type not in ("heading_open", "heading_close"):
            continue
        level = min(int(token.tag[1:]) + deeper, _DEEPEST)
        token.tag = f"h{level}"
        if token.type == "heading_open":
            words = tokens[at + 1]
            name = _NO_WORD.sub("-", words.content.casefold()).strip("-")
            taken[name] = taken.get(name, 0) + 1
            id = name if taken[name] == 1 else f"{name}-{taken[name]}"
            token.attrSet("id", id)
            options: Any = parser.options
            yield Heading(level=level, id=id, html=parser.renderer.render(
                [words], options, {}))
