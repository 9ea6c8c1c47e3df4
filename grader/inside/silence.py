"""Comments that switch a type checker off: found, and taken out."""

from __future__ import annotations

import io
import re
import tokenize
from typing import NamedTuple

_COMMENT = re.compile(r"#\s*(type:\s*(ignore\b|\()|mypy:)")


class Silencer(NamedTuple):
    """One such comment: the line it is on and its text."""

    line: int
    text: str

    @property
    def is_for_file(self) -> bool:
        """Tell whether it speaks for the whole file, wherever it stands."""
        return "mypy" in self.text.partition(":")[0]


def take_out(text: str) -> tuple[str, list[Silencer]]:
    """Return the text with such comments blanked, and the comments."""
    if not _COMMENT.search(text):
        return text, []
    lines = list(io.StringIO(text))
    found = []
    for line, column, comment in _comments(text):
        if _COMMENT.match(comment):
            found.append(Silencer(line, comment.rstrip()))
            old = lines[line - 1]
            lines[line - 1] = (old[:column] + " " * len(comment)
                               + old[column + len(comment):])
    return "".join(lines), found


def _comments(text: str) -> list[tuple[int, int, str]]:
    """Return line, column and text of each comment."""
    try:
        return [(*token.start, token.string) for token
                in tokenize.generate_tokens(io.StringIO(text).readline)
                if token.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError):
        # The parser took what the tokenizer refuses: search by eye.
        return [(number, match.start(), line[match.start():].rstrip("\n"))
                for number, line in enumerate(text.split("\n"), 1)
                if (match := _COMMENT.search(line))]
