"""The columns of a SELECT: their names and which are exact numbers."""

from __future__ import annotations

from grader.kit.mysql.lexer import Token, Tokens, joined, significant, split
from grader.kit.mysql.lexer import value

_VALUES = {"NULL", "TRUE", "FALSE", "END"}


def exact(tokens: Tokens) -> tuple[tuple[int, str, str], ...]:
    found = []
    columns = split(split(significant(tokens)[1:], "FROM")[0])
    for place, column in enumerate(columns):
        words = [token.upper for token in column]
        inner = column[2].text.strip("`") if len(column) > 3 else ""
        if len(split(column, "/")) > 1:
            found.append((place, "/", ""))
        elif words[:1] and words[0] in ("SUM", "AVG", "MIN", "MAX"):
            found.append((place, words[0], inner))
        elif len(words) > 2 and words[1] in ("+", "-", "*"):
            found.append((place, "MIN", column[0].text.strip("`")))
    return tuple(found)


def named(tokens: Tokens) -> Tokens:
    """Name computed columns as MySQL does: by the text as written."""
    start = next(n for n, t in enumerate(tokens) if t.upper == "SELECT") + 1
    body = split(tokens[start:], "FROM")[0]
    end = start + len(body)
    out: list[Token] = []
    for number, column in enumerate(split(body)):
        real = significant(column)
        out += [Token("op", ",", ",")] if number else []
        out += column
        if not _has_name(real):
            text = value(real[0]) if len(real) == 1 else joined(column)
            quoted = "`" + text.replace("`", "``") + "`"
            out += [Token("name", " AS ", "AS"),
                    Token("quoted", quoted, ""), Token("space", " ", "")]
    return tokens[:start] + tuple(out) + tokens[end:]


def _has_name(column: Tokens) -> bool:
    if not column or any(t.kind == "mark" for t in column):
        return True
    if len(column) == 1:
        return column[0].kind != "string"
    if column[0].upper == "DISTINCT" or column[-1].text == "*":
        return True
    before, last = column[-2:]
    if last.text == ")" or last.kind == "number" or last.upper in _VALUES:
        return False
    return before.kind != "op" or before.text in (".", ")")
