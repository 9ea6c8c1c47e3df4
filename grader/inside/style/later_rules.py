"""What pycodestyle complains of only since a version after 2.5.

The course names version 2.5, and machines that follow it have no other; what
that one lets pass costs no points. Found by running both versions over
thousands of files; newer rules that fire only beside an older one are left
out, since the file has that complaint anyway.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pycodestyle import expand_indent  # type: ignore[import-untyped]

# 2.5 looked at names before an = and after these words, and nowhere else.
_BOUND = re.compile(r"(?:\b(?:as|global|nonlocal)\s+)$")
_ASSIGNED = re.compile(r"\s*(?::|[-+*/%&|^@<>]{0,2})=")
# Its pattern for a comparison of types; a plain name in there was let pass.
_TYPES = re.compile(
    r"(?:[=!]=|\bis(?:\s+not)?)\s*"
    r"type(?:s\.\w+Type|\s*\(\s*([^)]*[^ )])\s*\))")


def is_later(code: str, lines: Sequence[str], row: int, column: int) -> bool:
    """Tell whether version 2.5 has no such complaint at a place.

    `row` and `column` count from 0.
    """
    rule = _RULES.get(code)
    return rule is not None and row < len(lines) and rule(lines, row, column)


def _always(lines: Sequence[str], row: int, column: int) -> bool:
    return True


def _keyword(lines: Sequence[str], row: int, column: int) -> bool:
    """Tell of a keyword without a blank that it is not that of an import."""
    return not re.match(r"\s*from\b.*\bimport$", lines[row][:column])


def _name(lines: Sequence[str], row: int, column: int) -> bool:
    """Tell of an ambiguous name that it is a parameter or a loop's."""
    before, after = lines[row][:column], lines[row][column + 1:]
    return not (_BOUND.search(before) or _ASSIGNED.match(after))


def _operator(lines: Sequence[str], row: int, column: int) -> bool:
    """Tell of an operator without blanks that it is a word."""
    before, after = lines[row][:column], lines[row][column:]
    return bool(re.match(r"\s*(?:and|in|is|or)\b", after)
                or re.search(r"\b(?:and|in|is|or)$", before))


def _types(lines: Sequence[str], row: int, column: int) -> bool:
    found = _TYPES.search(lines[row])
    return found is None or (found[1] or "").isidentifier()


def _blank_lines(lines: Sequence[str], row: int, column: int) -> bool:
    """Tell of a definition that 2.5 took it for one of a group of one-liners.

    It did so wherever no line around is indented further, as between a
    comment and what a decorator stands above.
    """
    indent = expand_indent(lines[row])
    around = [*lines[max(row - 1, 0):row], *lines[row + 1:row + 2]]
    return all(expand_indent(line) <= indent for line in around)


_RULES: dict[str, Callable[[Sequence[str], int, int], bool]] = {
    "E204": _always, "E225": _operator, "E275": _keyword,
    "E301": _blank_lines, "E302": _blank_lines, "E306": _blank_lines,
    "E721": _types, "E741": _name,
}
