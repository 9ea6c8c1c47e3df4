"""Tells which findings of pycodestyle its version 2.5 does not have.

The course names version 2.5, so what that version lets pass costs no points.
The rules here were found by running both versions over thousands of files.
Newer rules that fire only together with an older one are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pycodestyle import expand_indent  # type: ignore[import-untyped]

# 2.5 looked at names before an = and after these words, and nowhere else.
_BOUND = re.compile(r"\b(?:as|global|nonlocal)$")
_ASSIGNED = re.compile(r"\s*(?::|[-+*/%&|^@<>]{0,2})=")
_WORD_AFTER = re.compile(r"\s*(?:and|in|is|or)\b")
_WORD_BEFORE = re.compile(r"\b(?:and|in|is|or)$")
# The longest word that is looked for before a place, and the letter before
# it. A line may be long and have thousands of complaints: no pattern may
# search all of it for each.
_WORD = len("nonlocal") + 1
# Its pattern for a comparison of types; a plain name in there was let pass.
_TYPES = re.compile(
    r"(?:[=!]=|\bis(?:\s+not)?)\s*"
    r"type(?:s\.\w+Type|\s*\(\s*([^)]*[^ )])\s*\))")


def is_later(code: str, lines: Sequence[str], row: int, column: int) -> bool:
    """Return whether version 2.5 does not complain of a place.

    `code` is that of the complaint; `row` and `column` count from 0.
    """
    rule = _RULES.get(code)
    return rule is not None and row < len(lines) and rule(lines, row, column)


def _always(lines: Sequence[str], row: int, column: int) -> bool:
    return True


def _keyword(lines: Sequence[str], row: int, column: int) -> bool:
    """E275: version 2.5 has it for `from x import(y)` only."""
    return not re.match(r"\s*from\b.*\bimport$", lines[row][:column])


def _name(lines: Sequence[str], row: int, column: int) -> bool:
    """E741: version 2.5 does not look at parameters and loop variables."""
    before = lines[row][:column]
    word = before.rstrip()
    is_bound = word != before and _BOUND.search(word[-_WORD:])
    return not (is_bound or _ASSIGNED.match(lines[row], column + 1))


def _operator(lines: Sequence[str], row: int, column: int) -> bool:
    """E225: version 2.5 does not look at the operators that are words."""
    before = lines[row][max(column - _WORD, 0):column]
    return bool(_WORD_AFTER.match(lines[row], column)
                or _WORD_BEFORE.search(before))


def _types(lines: Sequence[str], row: int, column: int) -> bool:
    found = _TYPES.search(lines[row])
    return found is None or (found[1] or "").isidentifier()


def _blank_lines(lines: Sequence[str], row: int, column: int) -> bool:
    """E301, E302, E306: version 2.5 lets pass a group of one-line functions.

    It takes a definition for one of those if neither line around it is
    indented further, as between a comment and a decorator.
    """
    indent = expand_indent(lines[row])
    around = [*lines[max(row - 1, 0):row], *lines[row + 1:row + 2]]
    return all(expand_indent(line) <= indent for line in around)


_RULES: dict[str, Callable[[Sequence[str], int, int], bool]] = {
    "E204": _always, "E225": _operator, "E275": _keyword,
    "E301": _blank_lines, "E302": _blank_lines, "E306": _blank_lines,
    "E721": _types, "E741": _name,
}
