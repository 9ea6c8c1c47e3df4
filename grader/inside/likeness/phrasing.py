"""Makes marks of the wording of a file, to compare it with others.

Names, comments and strings count to the letter, unlike in the normal form;
only the layout does not. Learners who work alone often give a short task
the same form, but hardly the same words.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

from grader.inside.likeness import sketch

# The length of a passage in words, and the most marks of a file. Most files
# have fewer; of longer ones the smallest marks are kept.
PASSAGE, MOST_MARKS = 10, 160
_WORD = re.compile(r"\w+|[^\w\s]")
_CODE = (tokenize.NAME, tokenize.OP, tokenize.NUMBER)
_PROSE = (tokenize.COMMENT, tokenize.STRING)


def marks(source: str) -> str:
    """Return marks of 4 bytes each, in order, as base64."""
    return sketch.sketch(passages(source), MOST_MARKS)


def passages(source: str) -> set[bytes]:
    """Return the mark of every passage, none for a file that is no Python.
    """
    try:
        words = list(_words(source))
    except (tokenize.TokenError, SyntaxError, ValueError):
        return set()
    return sketch.passages(words, PASSAGE)


def _words(source: str) -> Iterator[str]:
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in _PROSE:
            yield from _WORD.findall(token.string.casefold())
        elif token.type in _CODE:
            yield token.string
