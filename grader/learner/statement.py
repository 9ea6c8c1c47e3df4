"""Finds the statement of a task in its folder's README, and renders it.

It is rendered for a terminal, from the Markdown that the folders use.
"""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Iterator

from grader.errors import GraderError
from grader.library.library import STATEMENTS, Folder, Task
from grader.terminal import (
    BOLD, COLOUR, CYAN, DIM, columns, paint, wrapped)

WIDTH = 80
# The heading of the part about grading, before the first task.
RULES = "How it is graded"
_HEADING = re.compile(r"^## (\d+)\. ", re.MULTILINE)
# What marks a piece of a text while lines are wrapped, and what ends it.
_CODE = re.compile(r"`([^`]+)`")
_STRONG, _SLANTED, _QUOTED, _END, _UNQUOTED = "\1", "\2", "\3", "\4", "\5"
_STRESS = ((re.compile(r"\*\*([^*]+)\*\*"), _STRONG),
           (re.compile(r"(?<![\w*])\*([^*\s][^*]*)\*(?![\w*])"), _SLANTED))
_RESET = "\033[0m"
_ESCAPES = {_STRONG: f"\033[{BOLD}m", _SLANTED: "\033[3m",
            _QUOTED: f"\033[{CYAN}m", _END: _RESET, _UNQUOTED: _RESET}
_SIGNS = {_STRONG: "", _SLANTED: "", _QUOTED: "`", _END: "", _UNQUOTED: "`"}
_BULLET = re.compile(r"( *)(- |\d+\. )")
_LINK = re.compile(r"\[([^]]+)\]\((\S+?)\)")
_CELL = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[|: -]+")
_GAP = "  "
# Stands for a space that a line may not be broken at.
_TIE = "\0"
# Stands for a star in code, which stresses nothing.
_STAR = "\6"


def section(readme: str, task: Task) -> str:
    """Return the section of one task, heading included; "" without one."""
    for number, text in _sections(readme):
        if number == task.number:
            return text
    return ""


def introduction(readme: str) -> str:
    """Return what a folder's README says before its first task."""
    found = _HEADING.search(readme)
    return readme[:found.start()] if found else readme


def rules(readme: str) -> str:
    """Return how the tasks of a folder are graded; "" if it does not say.
    """
    found = re.search(rf"^## {RULES}$.*?(?=^## |\Z)", introduction(readme),
                      re.MULTILINE | re.DOTALL)
    return found[0] if found else ""


def _sections(readme: str) -> Iterator[tuple[int, str]]:
    found = list(_HEADING.finditer(readme))
    ends = [each.start() for each in found[1:]] + [len(readme)]
    for match, end in zip(found, ends):
        yield int(match[1]), readme[match.start():end]


def read(folder: Folder) -> str:
    """Return a folder's README."""
    try:
        return (folder.path / STATEMENTS).read_text(encoding="utf-8")
    except FileNotFoundError:
        raise GraderError(f"{folder.name} has no {STATEMENTS}",
                          "grade lint says what belongs into it") from None


def render(markdown: str, colour: bool = False, width: int = WIDTH) -> str:
    """Return Markdown as plain lines of a width, coloured or not."""
    return "\n".join(_lines(markdown, colour, width)).strip("\n") + "\n"


def _lines(markdown: str, colour: bool, width: int) -> Iterator[str]:
    # Odd pieces are what stands between fences.
    for place, piece in enumerate(re.split(r"^```", markdown, flags=re.M)):
        if place % 2:
            for line in piece.splitlines()[1:]:
                # Blank lines of code count, and wrapped() yields none.
                for part in wrapped(f"    {line}".rstrip(), width, 6) if (
                        line.strip()) else [""]:
                    yield paint(part, DIM, colour and bool(part))
            yield ""
        elif text := piece.strip("\n"):
            yield from _prose(re.sub(r"\n{3,}", "\n\n", text), colour, width)


def _prose(text: str, colour: bool, width: int) -> Iterator[str]:
    """Yield paragraphs, bullets and tables, and a blank line after all."""
    block: list[str] = []
    for line in [*text.split("\n"), ""]:
        if block and (not line.strip() or _BULLET.match(line)
                      or line.startswith("#")
                      or line.startswith("|") != block[0].startswith("|")):
            yield from _block(block, colour, width)
            block = []
        if line.startswith("#"):
            for part in wrapped(_plain(line.lstrip("# ")), width):
                yield paint(part, BOLD, colour)
        elif line.strip():
            block.append(line)
        else:
            yield ""


def _block(block: list[str], colour: bool, width: int) -> Iterator[str]:
    if block[0].startswith("|"):
        yield from _table(block, colour, width)
        return
    bullet = _BULLET.match(block[0])
    indent = " " * len(bullet[0]) if bullet else ""
    text = " ".join([block[0][len(indent):], *map(str.strip, block[1:])])
    yield from _filled(text, colour, width, bullet[0] if bullet else "",
                       indent)


def _filled(text: str, colour: bool, width: int, first: str = "",
            indent: str = "") -> Iterator[str]:
    going_on = ""
    for line in textwrap.wrap(
            _tied(text, width - len(indent)), width, initial_indent=first,
            subsequent_indent=indent, break_on_hyphens=False):
        for mark, sign in (_ESCAPES if colour else _SIGNS).items():
            line = line.replace(mark, sign)
        line = going_on + line.replace(_TIE, " ")
        # What goes on in the next line is coloured in each of them.
        *_, last = [_RESET, *COLOUR.findall(line)]
        going_on = last if last != _RESET else ""
        yield line + _RESET if going_on else line


def _tied(text: str, width: int) -> str:
    """Mark and keep together code and what is stressed, where it fits."""
    text = _CODE.sub(
        lambda found: (_QUOTED + _whole(found[1], width).replace("*", _STAR)
                       + _UNQUOTED), _LINK.sub(r"\1 (\2)", text))
    for pattern, mark in _STRESS:
        # Code within has its own colour; behind it the stress goes on.
        text = pattern.sub(lambda found: (
            mark + _whole(found[1], width).replace(_UNQUOTED, _UNQUOTED + mark)
            + _END), text)
    return text.replace(_STAR, "*")


def _whole(piece: str, width: int) -> str:
    # The marks around it take a place each.
    return piece.replace(" ", _TIE) if len(piece) <= width - 2 else piece


def _table(block: list[str], colour: bool, width: int) -> Iterator[str]:
    """Yield a table with its columns under each other, cells wrapped."""
    rows = [[cell.strip().replace("\\|", "|")
             for cell in _CELL.split(line.strip().strip("|"))]
            for line in block if not _RULE.fullmatch(line.strip())]
    widths = _widths(rows, width)
    yield from _row(rows[0], widths, colour)
    yield _GAP.join("-" * each for each in widths)
    for row in rows[1:]:
        yield from _row(row, widths, colour)


def _widths(rows: list[list[str]], width: int) -> list[int]:
    """Return the columns' widths; the widest give way until all fit."""
    widths = [max(map(columns, column)) for column in zip(*rows)]
    while (sum(widths) + len(_GAP) * (len(widths) - 1) > width
           and max(widths) > 1):
        widths[widths.index(max(widths))] -= 1
    return widths


def _row(cells: list[str], widths: list[int], colour: bool) -> Iterator[str]:
    columned = [list(_filled(cell, colour, width))
                for cell, width in zip(cells, widths)]
    for parts in itertools.zip_longest(*columned, fillvalue=""):
        yield _GAP.join(
            part + " " * (width - columns(COLOUR.sub("", part)))
            for part, width in zip(parts, widths)).rstrip()


def _plain(text: str) -> str:
    return text.replace("`", "")
