"""Words a failure for the text report: in full, or as one sentence.

In full it has the sentence, the learner's own line, the expected value and
the actual one if the sentence lacks them, and what was printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.findings.finding import Finding, where
from grader.grading.verdict import TaskVerdict
from grader.terminal import (
    CYAN, DIM, columns, cut, paint, safe, wrapped)

_SHOWN_PRINTS = 5
_VALUE_LINES = 3
# The width of what comes before a quoted line: its number and a bar.
_MARGIN = len("    1 | ")


def full(failure: Finding, source: str, width: int,
         colour: bool = False) -> Iterator[str]:
    """Yield the lines of one failure; `source` is the learner's file."""
    lines = source.splitlines()
    quoted = failure.line is not None and 0 < failure.line <= len(lines)
    yield from wrapped(sentence(failure, not quoted), width)
    text = ""
    if failure.line and quoted:
        text = safe(lines[failure.line - 1].rstrip())
        yield paint(cut(f"{failure.line:5} | {text}", width), CYAN, colour)
        yield from _caret(failure, text, width)
    for name, value in (("expected", failure.expected),
                        ("got", failure.got)):
        if value and value not in failure.message and (
                value not in ("no error", text.strip())):
            yield from _value(f"{name:8}  {safe(value)}", width)
    # Some checks quote the output themselves.
    printed = [line for line in failure.output.splitlines()
               if line.strip() and "it printed" not in failure.message]
    for line in printed[:_SHOWN_PRINTS]:
        yield paint(cut(f"printed   {safe(line)}", width), DIM, colour)
    if len(printed) > _SHOWN_PRINTS:
        yield paint("printed   ...", DIM, colour)


def _caret(failure: Finding, text: str, width: int) -> Iterator[str]:
    """Yield a caret below the column, if the message names one."""
    found = re.search(rf"line {failure.line}, column (\d+)\b",
                      failure.message)
    at = columns(text[:int(found[1]) - 1]) if found else width
    if _MARGIN + at < width:
        yield " " * (_MARGIN + at) + "^"


def _value(text: str, width: int) -> Iterator[str]:
    lines = list(wrapped(text, width, 10))
    yield from lines[:_VALUE_LINES]
    if len(lines) > _VALUE_LINES:
        yield " " * 10 + "..."


def sentence(failure: Finding, with_line: bool = True) -> str:
    """Return the message of a failure, with its dimension and its line."""
    message, at = safe(failure.message), where(failure.message, failure.line)
    if failure.dimension == "behaviour":
        return f"{message} ({at})" if at and with_line else message
    place = f", {at}: " if at else (
        ", " if message.startswith("line ") else ": ")
    return f"{failure.dimension}{place}{message}"


def pointer(verdict: TaskVerdict) -> str | None:
    """Return a line with the command that shows a hint.

    None if no hint can help: for a missing file, and for style alone.
    """
    if all(each.check == "file" or each.dimension == "style"
           for each in verdict.failures):
        return None
    return f"stuck? grade hint {verdict.task.short}"
