"""Makes text fit for a terminal: harmless, coloured, cut and wrapped."""

from __future__ import annotations

import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import TextIO

# A home folder with the folders below it, but not the name of a file.
_HOME = re.compile(
    r"(?:/(?:home|Users)/[^/\s'\":]+|/root(?![\w.-])"
    r"|[A-Za-z]:\\+Users\\+[^\\\s'\":]+)(?:[/\\][^\s'\":]*(?=[/\\]))?")

# A code of a colour.
COLOUR = re.compile(r"\033\[\d*m")

GREEN, RED, YELLOW, CYAN = "32", "31", "33", "36"
BOLD, DIM, REVERSED = "1", "2", "7"


def safe(text: str, limit: int = 800) -> str:
    """Return a text, cut, without control characters and home folders.

    For text of a submission: it must not move the cursor, hide other text
    or show the name of the user who grades.
    """
    cut = text if len(text) <= limit else text[:limit] + "..."
    return printable(_HOME.sub("...", cut))


def printable(text: str) -> str:
    """Return a text with control characters escaped, but new lines kept."""
    return text if text.isprintable() else "".join(map(_escape, text))


def _escape(char: str) -> str:
    if char == "\n" or char.isprintable():
        return char
    return " " if char == "\t" else ascii(char)[1:-1]


def paint(text: str, colour: str, on: bool) -> str:
    """Return a text with a colour code, or unchanged."""
    return f"\033[{colour}m{text}\033[0m" if on else text


def wants_colour(stream: TextIO) -> bool:
    """Return whether to colour: on a terminal, and not with NO_COLOR.

    See no-color.org.
    """
    return takes_escapes(stream) and not os.environ.get("NO_COLOR")


def takes_escapes(stream: TextIO) -> bool:
    """Return whether a stream is a terminal that obeys escape sequences.

    The old console of Windows prints them; Windows Terminal and the
    terminals of editors obey them.
    """
    known = sys.platform != "win32" or bool(
        {"WT_SESSION", "TERM_PROGRAM"} & os.environ.keys())
    return stream.isatty() and known and os.environ.get("TERM") != "dumb"


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def fit(line: str, width: int) -> str:
    """Cut a line to a number of columns; colour codes are not cut."""
    shown, taken = "", 0
    for part in re.split(rf"({COLOUR.pattern})", line):
        if COLOUR.fullmatch(part):
            shown += part
            continue
        for char in part:
            taken += _columns(char)
            if taken > width:
                return shown + ("\033[0m" if "\033" in shown else "")
            shown += char
    return shown


def cut(line: str, width: int) -> str:
    """Cut a line to a width, with "..." at the end of one that is cut."""
    return line if columns(line) <= width else fit(line, width - 3) + "..."


def wrapped(text: str, width: int, hanging: int = 0) -> Iterator[str]:
    """Wrap every line of a text; all but the first of each are indented."""
    for line in text.splitlines():
        indent = ""
        while columns(indent + line) > width:
            piece = _piece(line, max(width - len(indent), 1))
            yield indent + piece.rstrip()
            line = line[len(piece):].lstrip()
            indent = " " * min(hanging, 2 * width // 3)
        yield indent + line


def _piece(line: str, width: int) -> str:
    """Return the beginning of a line that fits, in whole words.

    A word longer than the width is cut.
    """
    piece = fit(line, width) or line[0]
    at = piece.rfind(" ") + 1
    word = line[at:].partition(" ")[0]
    if (line[len(piece):].startswith(" ") or not piece[:at].strip()
            or columns(word) > width):
        return piece
    return piece[:at]
