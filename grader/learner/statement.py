"""Statements: the section of a task in its folder's README, and how a
terminal shows it; pure. Only the Markdown that the folders use is known.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from grader.library.library import Folder, Task
from grader.terminal import BOLD, CYAN, DIM, paint, wrapped

WIDTH = 80
_HEADING = re.compile(r"^## (\d+)\. ", re.MULTILINE)
_CODE = re.compile(r"`([^`]+)`")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_BULLET = re.compile(r"( *)(- |\d+\. )")
# Stands for a space that a line may not be broken at.
_TIE = "\0"


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


def _sections(readme: str) -> Iterator[tuple[int, str]]:
    found = list(_HEADING.finditer(readme))
    ends = [each.start() for each in found[1:]] + [len(readme)]
    for match, end in zip(found, ends):
        yield int(match[1]), readme[match.start():end]


def read(folder: Folder) -> str:
    """Return a folder's README."""
    return (folder.path / "README.md").read_text(encoding="utf-8")


def render(markdown: str, colour: bool = False, width: int = WIDTH) -> str:
    """Return Markdown as plain lines of a width, coloured or not."""
    text = "\n".join(_lines(markdown.strip(), colour, width))
    return re.sub(r"\n{3,}", "\n\n", text.strip("\n")) + "\n"


def _lines(markdown: str, colour: bool, width: int) -> Iterator[str]:
    # Odd pieces are what stands between fences.
    for place, piece in enumerate(re.split(r"^```", markdown, flags=re.M)):
        if place % 2:
            for line in piece.splitlines()[1:]:
                for part in wrapped(f"    {line}".rstrip(), width, 6):
                    yield paint(part, DIM, colour and bool(part))
        else:
            yield from _prose(piece, colour, width)


def _prose(text: str, colour: bool, width: int) -> Iterator[str]:
    block: list[str] = []
    for line in [*text.split("\n"), ""]:
        if block and (not line.strip() or _BULLET.match(line)
                      or line.startswith("#")):
            yield from _block(block, colour, width)
            block = []
        if line.startswith("#"):
            for part in wrapped(_plain(line.lstrip("# ")), width):
                yield paint(part, BOLD, colour)
        elif line.startswith("|"):
            yield line
        elif line.strip():
            block.append(line)
        else:
            yield ""


def _block(block: list[str], colour: bool, width: int) -> Iterator[str]:
    bullet = _BULLET.match(block[0])
    indent = " " * len(bullet[0]) if bullet else ""
    text = " ".join([block[0][len(indent):], *map(str.strip, block[1:])])
    tied = _CODE.sub(lambda found: found[0].replace(" ", _TIE), text)
    for line in textwrap.wrap(
            tied, width, initial_indent=bullet[0] if bullet else "",
            subsequent_indent=indent, break_on_hyphens=False):
        yield _decorated(line.replace(_TIE, " "), colour)


def _decorated(line: str, colour: bool) -> str:
    if not colour:
        return _STRONG.sub(r"\1", line)
    line = _STRONG.sub(lambda found: paint(found[1], BOLD, True), line)
    return _CODE.sub(lambda found: paint(found[1], CYAN, True), line)


def _plain(text: str) -> str:
    return text.replace("`", "")
