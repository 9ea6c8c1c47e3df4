"""Text of a submission, made harmless for a terminal or a log."""

from __future__ import annotations

import os
import re
from typing import TextIO

# A home folder and what is below it, up to the name of a file.
_HOME = re.compile(
    r"(?:/(?:home|Users)/[^/\s'\":]+|/root(?![\w.-])"
    r"|[A-Za-z]:\\+Users\\+[^\\\s'\":]+)(?:[/\\][^\s'\":]*(?=[/\\]))?")

GREEN, RED, YELLOW, CYAN, BOLD, DIM = "32", "31", "33", "36", "1", "2"


def safe(text: str, limit: int = 800) -> str:
    """Escape what could move a cursor, hide text or show a home folder."""
    cut = text if len(text) <= limit else text[:limit] + "..."
    cut = _HOME.sub("...", cut)
    return "".join(_escape(char) for char in cut)


def _escape(char: str) -> str:
    if char == "\n" or char.isprintable():
        return char
    return " " if char == "\t" else ascii(char)[1:-1]


def paint(text: str, colour: str, on: bool) -> str:
    """Colour a text, or leave it alone."""
    return f"\033[{colour}m{text}\033[0m" if on else text


def wants_colour(stream: TextIO) -> bool:
    """Colour only a terminal, and never with NO_COLOR (no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") \
        and os.environ.get("TERM") != "dumb"
