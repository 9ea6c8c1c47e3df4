"""Runs the statements of a text, each by the module for its kind.

What is no query, definition or file is run here: USE, SET, SHOW, DESCRIBE
and the statements about transactions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

from grader.kit.mysql import catalogue, infile, queries, tables
from grader.kit.mysql.binding import filled
from grader.kit.mysql.lexer import Tokens, first_word, joined, statements
from grader.kit.mysql.reader import Reader
from grader.kit.mysql.schema import Result, Values
from grader.kit.mysql.server_error import error, syntax
from grader.kit.mysql.session import Session
from grader.kit.mysql.sqlite_errors import from_sqlite
from grader.kit.mysql.translate import planned

_QUERIES = {"SELECT", "INSERT", "REPLACE", "UPDATE", "DELETE", "WITH",
            "VALUES", "("}
# Nothing here depends on them.
_IGNORED = {"FLUSH", "GRANT", "REVOKE", "LOCK", "UNLOCK", "ANALYZE",
            "OPTIMIZE", "CHECK", "KILL"}


def execute(session: Session, sql: str, values: Values | None = None,
            multiple: bool = True) -> Iterator[Result]:
    """Yield the result of each statement; it runs when it is asked for.

    `values` are for the marks of all of them. Without `multiple` a second
    statement is a syntax error. Raises ServerError.
    """
    parts = statements(sql)
    if not multiple:
        parts = tuple(filter(first_word, parts))
        if len(parts) > 1:
            raise syntax(joined(parts[1]), sql)
    if not parts:
        raise error(1065)
    if len(parts) == 1 or values is None:
        yield from (_run(session, part, values) for part in parts)
        return
    for part in parts:
        count = sum(token.kind == "mark" for token in part)
        yield _run(session, part, values[:count])
        values = values[count:]


def _run(session: Session, tokens: Tokens, values: Values | None) -> Result:
    if not session.alive:
        raise error(2013)
    first = first_word(tokens)
    if first is None:
        raise error(1065)
    if first.upper in _QUERIES:
        return queries.run(session, planned(tokens, values is not None),
                           values or ())
    if values:
        tokens = filled(tokens, values)
    reader = Reader(tokens, joined(tokens))
    handler = _HANDLERS.get(first.upper)
    if handler is None:
        raise reader.wrong()
    reader.token()
    return handler(session, reader)


def _use(session: Session, reader: Reader) -> Result:
    name = reader.name()
    reader.end()
    session.use(name)
    return Result()


def _show(session: Session, reader: Reader) -> Result:
    return catalogue.show(session.server, session.database, reader)


def _describe(session: Session, reader: Reader) -> Result:
    if reader.peek() in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        return Result(("id", "select_type", "table"),
                      iter([(1, "SIMPLE", None)]))
    _, table = tables.named_table(session, reader)
    return catalogue.describe(table)


def _set(session: Session, reader: Reader) -> Result:
    for word in ("SESSION", "GLOBAL", "LOCAL"):
        reader.take(word)
    if reader.peek().lstrip("@").rpartition(".")[2] == "AUTOCOMMIT":
        reader.token()
        reader.take("=")
        session.autocommit = reader.token().upper in ("1", "ON", "TRUE")
        if session.autocommit:
            session.finish("COMMIT")
    return Result()


def _begin(session: Session, reader: Reader) -> Result:
    session.begin()
    return Result()


def _commit(session: Session, reader: Reader) -> Result:
    session.finish("COMMIT")
    return Result()


def _rollback(session: Session, reader: Reader) -> Result:
    if reader.take("TO"):
        reader.take("SAVEPOINT")
        return _savepoint(session, f"ROLLBACK TO `{reader.name()}`")
    session.server.rollbacks += 1
    session.finish("ROLLBACK")
    return Result()


def _savepoint(session: Session, sql: str) -> Result:
    """Run a statement about savepoints, which SQLite spells alike."""
    handle = session.handle(session.database)
    if not handle.in_transaction:
        # A savepoint outside a transaction would begin one of its own in
        # SQLite, which its RELEASE commits.
        handle.execute("BEGIN")
    try:
        handle.execute(sql)
    except sqlite3.Error as problem:
        raise from_sqlite(problem, sql) from None
    return Result()


_HANDLERS: dict[str, Callable[[Session, Reader], Result]] = {
    "USE": _use, "SHOW": _show, "DESCRIBE": _describe, "DESC": _describe,
    "EXPLAIN": _describe, "SET": _set, "LOAD": infile.load,
    "CREATE": tables.create, "ALTER": tables.alter, "DROP": tables.drop,
    "TRUNCATE": tables.truncate,
    "START": _begin, "BEGIN": _begin, "COMMIT": _commit,
    "ROLLBACK": _rollback,
    "SAVEPOINT": lambda s, r: _savepoint(s, f"SAVEPOINT `{r.name()}`"),
    "RELEASE": lambda s, r: _savepoint(
        s, f"RELEASE `{(r.take('SAVEPOINT'), r.name())[1]}`"),
    **{word: lambda s, r: Result() for word in _IGNORED},
}
