"""Turns MySQL's queries into SQLite's, with what a session must know."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from grader.kit.mysql import columns, insertion
from grader.kit.mysql.lexer import Tokens, joined, significant
from grader.kit.mysql.writer import Target, Writer


class Query(NamedTuple):
    """A statement for SQLite with what the session must know of it.

    `numbers` holds the places of the values that must be whole numbers,
    `exact` the result columns that MySQL computes in decimals, with the
    column each is made of.
    """

    kind: str
    text: str
    sql: str
    targets: tuple[Target, ...]
    numbers: tuple[int, ...] = ()
    exact: tuple[tuple[int, str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Tokens, ...] = ()
    upsert: bool = False
    ignore: bool = False


@lru_cache(maxsize=512)
def query(tokens: Tokens, bound: bool) -> Query:
    """Translate a SELECT, INSERT, REPLACE, UPDATE or DELETE."""
    kind = significant(tokens)[0].upper.lower().strip("(") or "select"
    if kind in ("insert", "replace"):
        return _insert(kind, tokens, bound)
    exact: tuple[tuple[int, str, str], ...] = ()
    body = _without_lock(tokens)
    if kind == "select":
        exact = columns.exact(body)
        body = columns.named(body)
    writer = Writer(body, bound)
    sql = writer.write()
    return Query(kind, joined(tokens), sql, tuple(writer.targets),
                 tuple(writer.numbers), exact)


def _without_lock(tokens: Tokens) -> Tokens:
    words = [(n, t.upper) for n, t in enumerate(tokens)
             if t.kind != "space"]
    tails = (["FOR", "UPDATE"], ["LOCK", "IN", "SHARE", "MODE"])
    for tail in tails:
        if [word for _, word in words[-len(tail):]] == tail:
            return tokens[:words[-len(tail)][0]]
    return tokens


def _insert(kind: str, tokens: Tokens, bound: bool) -> Query:
    parts = insertion.take_apart(tokens)
    writer = Writer(parts.head, bound)
    sql = writer.write()
    if parts.ignore:
        sql = sql[:6] + " OR IGNORE" + sql[6:]
    if parts.update:
        sql += insertion.upsert(writer, parts)
    return Query(kind, joined(tokens), sql, tuple(writer.targets), (), (),
                 parts.columns, parts.rows, bool(parts.update), parts.ignore)
