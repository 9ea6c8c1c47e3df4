"""Translates INSERT and ON DUPLICATE KEY UPDATE into SQLite's form."""

from __future__ import annotations

from typing import NamedTuple

from grader.kit.mysql.lexer import (Token, Tokens, identifier, joined, name,
                                    significant, split)
from grader.kit.mysql.server_error import syntax
from grader.kit.mysql.dialect import DROPPED, Writer, expression


# IGNORE and the like follow INSERT: the first six tokens are that word, two
# such words, and the spaces after them. Further on the same words are names
# or values.
_MODIFIERS = 6
_VALUES = Token("name", "VALUES", "VALUES")
# NULL gives the next number of AUTO_INCREMENT, as DEFAULT does.
_SPELLED = {"VALUE": _VALUES, "DEFAULT": Token("name", "NULL", "NULL")}


class Insertion(NamedTuple):
    """The parts of an INSERT.

    `head` is all before ON DUPLICATE KEY, `update` all after these words,
    `alias` the name of the new row in it.
    """

    head: Tokens
    columns: tuple[str, ...]
    rows: tuple[Tokens, ...]
    update: Tokens
    alias: str
    ignore: bool


def take_apart(tokens: Tokens) -> Insertion:
    """Return the parts of an INSERT or REPLACE, in the standard's form.

    Raises error 1064 for INSERT OR, which only SQLite knows.
    """
    while tokens[0].kind == "space":
        tokens = tokens[1:]
    head, *rest = split(tokens, "DUPLICATE")
    update = rest[0] if rest else ()
    alias = ""
    if update:
        head, alias = _unaliased(_cut(head, "ON"))
    ignore = any(t.upper == "IGNORE" for t in head[:_MODIFIERS])
    head = tuple(t for n, t in enumerate(head)
                 if n >= _MODIFIERS or t.upper not in ("IGNORE", *DROPPED))
    if [t.upper for t in significant(head)[1:2]] == ["OR"]:
        raise syntax(joined(significant(head)[1:]), joined(tokens))
    head, columns, rows = _shaped(_with_into(head))
    return Insertion(_filled(head), columns, rows, update, alias, ignore)


def _filled(head: Tokens) -> Tokens:
    """Write () VALUES () as DEFAULT VALUES."""
    real = "".join(token.upper for token in significant(head)[-5:])
    if real != "()VALUES()":
        return head
    head = _cut(_cut(head, "VALUES"), "(")
    return head + (Token("name", " DEFAULT VALUES", ""),)


def _cut(tokens: Tokens, word: str) -> Tokens:
    """Return the tokens before the last one that is this word."""
    place = max(n for n, t in enumerate(tokens) if t.upper == word)
    return tokens[:place]


def _with_into(head: Tokens) -> Tokens:
    """Add the INTO that MySQL does not need."""
    real = [n for n, t in enumerate(head) if t.kind != "space"]
    if len(real) > 1 and head[real[1]].upper != "INTO":
        into = (Token("space", " ", ""), Token("name", "INTO", "INTO"))
        return head[:real[0] + 1] + into + head[real[0] + 1:]
    return head


def _shaped(head: Tokens) -> tuple[Tokens, tuple[str, ...],
                                   tuple[Tokens, ...]]:
    """Bring INSERT ... SET and VALUE into the standard's form."""
    head = tuple(_SPELLED.get(t.upper, t) for t in head)
    pieces = split(head, "SET")
    if len(pieces) == 2:
        pairs = [split(part, "=") for part in split(pieces[1])]
        space = Token("space", " ", "")
        names = _listed([pair[0] for pair in pairs])
        values = _listed([pair[-1] for pair in pairs])
        head = pieces[0] + names + (space, _VALUES, space) + values
    before, *after = split(head, "VALUES")
    columns = tuple(identifier(t) or "" for t in _inside(before)
                    if t.kind in ("name", "quoted"))
    rows = tuple(_inside(part) for part in split(after[0])) if after else ()
    return head, columns, rows


def _listed(parts: list[Tokens]) -> Tokens:
    out: Tokens = (Token("op", "(", "("),)
    for number, part in enumerate(parts):
        out += ((Token("op", ",", ","),) if number else ()) + part
    return out + (Token("op", ")", ")"),)


def _inside(tokens: Tokens) -> Tokens:
    """Return what is in the parentheses that end the tokens."""
    real = significant(tokens)
    texts = [t.text for t in real]
    if "(" not in texts:
        return ()
    return real[texts.index("(") + 1:-1]


def _unaliased(head: Tokens) -> tuple[Tokens, str]:
    """Cut off the row alias of MySQL 8: VALUES (...) AS new."""
    real = significant(head)
    if len(real) > 2 and real[-2].upper == "AS":
        return _cut(head, "AS"), real[-1].text
    return head, ""


def _proposed(body: Tokens, alias: str) -> Tokens:
    """Write VALUES(column) and alias.column as excluded.column."""
    out: list[Token] = []
    real = significant(body)
    place = 0
    while place < len(real):
        token = real[place]
        if token.upper in ("VALUES", "VALUE") and place + 3 < len(real):
            out += [Token("name", "excluded", ""), Token("op", ".", "."),
                    real[place + 2]]
            place += 4
            continue
        if alias and token.text == alias:
            token = Token("name", "excluded", "")
        out += [token, Token("space", " ", "")]
        place += 1
    return tuple(out)


def upsert(writer: Writer, parts: Insertion) -> str:
    """Write ON DUPLICATE KEY UPDATE as SQLite's ON CONFLICT."""
    real = significant(parts.update)
    if [t.upper for t in real[:2]] != ["KEY", "UPDATE"]:
        raise syntax(joined(parts.update))
    body = _proposed(real[2:], parts.alias)
    tail = Writer(body, writer.bound)
    sets = tail.write().strip()
    where = "" if tail.marks else _changed(writer.targets[0].table, body)
    return f" ON CONFLICT DO UPDATE SET {sets}{where}"


def _changed(table: str, body: Tokens) -> str:
    """Return a WHERE that leaves out rows which would stay the same.

    MySQL does not count them as affected.
    """
    tests = []
    for part in split(body):
        left, _, right = expression(part).partition("=")
        tests.append(f"{name(table)}.{left.strip()} IS NOT ({right})")
    return f" WHERE {' OR '.join(tests)}"
