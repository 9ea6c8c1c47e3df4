"""Explains a result of None by an except block that hides an error."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from grader.findings.finding import Finding

_ASKED = "is a return missing?"
_EXCEPT = re.compile(r"^([ \t]*)except\b")
# The most lines of a file, and of a block, that are read.
_MOST, _LONGEST = 5000, 200
_LEAVES = re.compile(r"^\s*(?:raise|return|yield)\b")


def doubted(finding: Finding, source: str) -> Finding:
    """Return a finding about None with a question about such a block."""
    if not finding.message.endswith(_ASKED):
        return finding
    line = next(_silent_handlers(source), None)
    if line is None:
        return finding
    return replace(finding, message=finding.message.removesuffix("?")
                   + f", or does the except in line {line} swallow an error?")


def _silent_handlers(source: str) -> Iterator[int]:
    """Yield the lines of except blocks that neither raise nor return.

    The file is read line by line and not parsed: it is the learner's, and
    this process is not behind the wall.
    """
    lines = source.splitlines()
    for place, line in enumerate(lines):
        if found := _EXCEPT.match(line):
            block = list(_block(lines, place, len(found[1])))
            if not any(_LEAVES.match(each) for each in block):
                yield place + 1
        if place > _MOST:
            return


def _block(lines: list[str], place: int, indent: int) -> Iterator[str]:
    """Yield the lines that are indented further than a line of them."""
    for line in lines[place + 1:place + _LONGEST]:
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return
        yield line
