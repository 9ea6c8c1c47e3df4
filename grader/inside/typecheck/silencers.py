"""Finds comments and code that switch a type checker off."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from typing import NamedTuple

_COMMENT = re.compile(r"#\s*(type|mypy):")
_SILENCER = re.compile(r"#\s*(type:\s*ignore\b|mypy:)")
# Names that a type checker takes for true or false, whatever they are when
# the file runs.
_SWITCHES = {"TYPE_CHECKING", "MYPY", "PY2", "PY3"}
_ESCAPES = {"cast", "no_type_check", "no_type_check_decorator"}


class Silencer(NamedTuple):
    """A piece of source that switches the checker off, and its line."""

    line: int
    text: str


def blank_out(text: str, keep_types: bool) -> tuple[str, list[Silencer]]:
    """Return the text with such comments made blank, and the comments.

    Comments such as `# type: int` are made blank, too, since they are no
    annotations; with `keep_types` they stay, and mypy reads them.
    """
    found: list[Silencer] = []
    if not _COMMENT.search(text):
        return text, found
    lines = list(io.StringIO(text))
    for line, column, comment in _comments(text):
        is_silencer = bool(_SILENCER.match(comment))
        if is_silencer:
            found.append(Silencer(line, comment.rstrip()))
        if is_silencer or _COMMENT.match(comment) and not keep_types:
            old = lines[line - 1]
            lines[line - 1] = (old[:column] + " " * len(comment)
                               + old[column + len(comment):])
    return "".join(lines), found


def escapes(tree: ast.Module) -> Iterator[Silencer]:
    """Yield the uses of typing.cast and of typing.no_type_check.

    They make a checker believe anything; an import may have renamed them.
    """
    names = {alias.asname or each for node in ast.walk(tree)
             if isinstance(node, ast.ImportFrom) for alias in node.names
             for each in ([alias.name] if alias.name != "*" else _ESCAPES)
             if each in _ESCAPES}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) if name in names:
                yield Silencer(node.lineno, f"{name}(...)")
            case ast.Attribute(attr=name) if name in _ESCAPES:
                yield Silencer(node.lineno, f"{name}(...)")


def switches(tree: ast.Module) -> Iterator[Silencer]:
    """Yield the names that show a checker other code than what runs.

    An `if TYPE_CHECKING:` with nothing but imports is allowed: it is needed
    for circular imports.
    """
    honest = {id(node.test) for node in ast.walk(tree)
              if isinstance(node, ast.If) and not node.orelse
              and all(map(_is_import, node.body))}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.Attribute(attr=name):
                if name in _SWITCHES and id(node) not in honest:
                    yield Silencer(node.lineno, name)


def _is_import(node: ast.stmt) -> bool:
    return isinstance(node, (ast.Import, ast.ImportFrom, ast.Pass))


def _comments(text: str) -> list[tuple[int, int, str]]:
    """Return line, column and text of each comment."""
    try:
        return [(*token.start, token.string) for token
                in tokenize.generate_tokens(io.StringIO(text).readline)
                if token.type == tokenize.COMMENT]
    except (tokenize.TokenError, SyntaxError):
        # The parser accepts some files that the tokenizer refuses; there a
        # "#" in a string may be taken for a comment.
        return [(number, match.start(), line[match.start():].rstrip("\n"))
                for number, line in enumerate(text.split("\n"), 1)
                if (match := _COMMENT.search(line))]
