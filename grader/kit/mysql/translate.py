"""Translates a statement of MySQL into a Plan, which SQLite can run."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from grader.kit.mysql import insertion
from grader.kit.mysql.lexer import (Token, Tokens, joined, name, significant,
                                    split, value)
from grader.kit.mysql.dialect import Target, Writer


# A column that ends with one of these words has no name of its own.
_VALUES = {"NULL", "TRUE", "FALSE", "END"}
# A result column that MySQL computes in decimals: its place in the result,
# from 0; SUM, AVG, MIN, MAX or "/"; the name of the column that it computes
# from, or "".
Exact = tuple[int, str, str]


class Plan(NamedTuple):
    """A statement for SQLite with what is known of it.

    `kind` is its first word in lower case, `text` the statement in MySQL,
    `sql` in SQLite; `targets` are the tables it names. `numbers` are the
    places, from 0, of the values that must be whole numbers, as in a LIMIT.
    An INSERT has the names of its `columns`, and the tokens of its `rows`;
    with ON DUPLICATE KEY UPDATE it is an `upsert`.
    """

    kind: str
    text: str
    sql: str
    targets: tuple[Target, ...]
    numbers: tuple[int, ...] = ()
    exact: tuple[Exact, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Tokens, ...] = ()
    upsert: bool = False


@lru_cache(maxsize=512)
def planned(tokens: Tokens, bound: bool) -> Plan:
    """Return the plan of a SELECT, INSERT, REPLACE, UPDATE or DELETE.

    `bound` is whether values come with it. Raises ServerError, with MySQL's
    number, for what cannot be translated.
    """
    kind = significant(tokens)[0].upper.lower().strip("(") or "select"
    if kind in ("insert", "replace"):
        return _insert(kind, tokens, bound)
    exact: tuple[Exact, ...] = ()
    body = _without_lock(tokens)
    if kind == "select":
        exact = _exact(body)
        body = _named(body)
    writer = Writer(body, bound)
    sql = writer.write()
    return Plan(kind, joined(tokens), sql, tuple(writer.targets),
                tuple(writer.numbers), exact)


def _without_lock(tokens: Tokens) -> Tokens:
    """Cut off FOR UPDATE and the like: SQLite locks the whole schema."""
    words = [(n, t.upper) for n, t in enumerate(tokens)
             if t.kind != "space"]
    tails = (["FOR", "UPDATE"], ["LOCK", "IN", "SHARE", "MODE"])
    for tail in tails:
        if [word for _, word in words[-len(tail):]] == tail:
            return tokens[:words[-len(tail)][0]]
    return tokens


def _insert(kind: str, tokens: Tokens, bound: bool) -> Plan:
    parts = insertion.take_apart(tokens)
    writer = Writer(parts.head, bound)
    sql = writer.write()
    if parts.ignore:
        # After the word INSERT, which comes first and has six letters.
        sql = sql[:6] + " OR IGNORE" + sql[6:]
    if parts.update:
        sql += insertion.upsert(writer, parts)
    return Plan(kind, joined(tokens), sql, tuple(writer.targets), (), (),
                parts.columns, parts.rows, bool(parts.update))


# The columns of a SELECT

def _exact(tokens: Tokens) -> tuple[Exact, ...]:
    """Return the columns of a SELECT that MySQL computes in decimals."""
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
            # Its decimal places are those of the column, as for MIN.
            found.append((place, "MIN", column[0].text.strip("`")))
    return tuple(found)


def _named(tokens: Tokens) -> Tokens:
    """Return a SELECT whose computed columns have the names MySQL gives.

    Such a name is the text of the column as written.
    """
    start = next(n for n, t in enumerate(tokens) if t.upper == "SELECT") + 1
    body = split(tokens[start:], "FROM")[0]
    end = start + len(body)
    out: list[Token] = []
    for number, column in enumerate(split(body)):
        real = significant(column)
        out += [Token("op", ",", ",")] if number else []
        out += column
        if not _has_name(real):
            is_string = len(real) == 1 and real[0].kind == "string"
            text = value(real[0]) if is_string else joined(column)
            out += [Token("name", " AS ", "AS"),
                    Token("quoted", name(text), ""), Token("space", " ", "")]
    return tokens[:start] + tuple(out) + tokens[end:]


def _has_name(column: Tokens) -> bool:
    """Return whether a column needs no name added.

    That is a plain column, a star, one with an alias, and one with a mark
    (%s), whose value is not known here.
    """
    if not column or any(t.kind == "mark" for t in column):
        return True
    if len(column) == 1:
        return (column[0].kind != "string"
                and not column[0].text.startswith("@"))
    if column[0].upper == "DISTINCT" or column[-1].text == "*":
        return True
    before, last = column[-2:]
    if last.text == ")" or last.kind == "number" or last.upper in _VALUES:
        return False
    return before.kind != "op" or before.text in (".", ")")
