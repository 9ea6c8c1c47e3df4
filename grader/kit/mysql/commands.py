"""Statements that are not queries: definitions, transactions, settings."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from grader.kit.mysql import infile, showing, storage, tables
from grader.kit.mysql.catalogue import Result, lookup
from grader.kit.mysql.errors import from_sqlite
from grader.kit.mysql.lexer import Tokens, joined
from grader.kit.mysql.reader import Reader

if TYPE_CHECKING:
    from grader.kit.mysql.session import Session

_IGNORED = {"FLUSH", "GRANT", "REVOKE", "LOCK", "UNLOCK", "ANALYZE",
            "OPTIMIZE", "CHECK", "KILL"}


def run(session: Session, tokens: Tokens) -> Result:
    """Run one statement whose marks are already filled in."""
    reader = Reader(tokens, joined(tokens))
    word = reader.token().upper
    handler = _HANDLERS.get(word)
    if handler is None:
        reader.place = 0
        raise reader.wrong()
    return handler(session, reader)


def _use(session: Session, reader: Reader) -> Result:
    name = reader.name()
    reader.end()
    session.use(name)
    return Result()


def _show(session: Session, reader: Reader) -> Result:
    return showing.show(session.server, session.database, reader)


def _describe(session: Session, reader: Reader) -> Result:
    if reader.peek() in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        return Result(("id", "select_type", "table"),
                      iter([(1, "SIMPLE", None)]))
    database = storage.schema(session, reader)
    return showing.describe(
        lookup(session.server, database, reader.name()))


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


def _transaction(session: Session, reader: Reader) -> Result:
    session.begin()
    return Result()


def _commit(session: Session, reader: Reader) -> Result:
    session.server.commits += 1
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
    handle = session.handle(session.database)
    if not handle.in_transaction:
        handle.execute("BEGIN")
    try:
        handle.execute(sql)
    except sqlite3.Error as problem:
        raise from_sqlite(problem, sql) from None
    return Result()


def _load(session: Session, reader: Reader) -> Result:
    return infile.load(session, reader)


_HANDLERS: dict[str, Callable[[Session, Reader], Result]] = {
    "USE": _use, "CREATE": tables.create, "ALTER": tables.alter,
    "DROP": tables.drop, "TRUNCATE": tables.truncate,
    "SHOW": _show, "DESCRIBE": _describe,
    "DESC": _describe, "EXPLAIN": _describe, "SET": _set,
    "START": _transaction, "BEGIN": _transaction, "COMMIT": _commit,
    "ROLLBACK": _rollback, "LOAD": _load,
    "SAVEPOINT": lambda s, r: _savepoint(s, f"SAVEPOINT `{r.name()}`"),
    "RELEASE": lambda s, r: _savepoint(
        s, f"RELEASE `{(r.take('SAVEPOINT'), r.name())[1]}`"),
    **{word: lambda s, r: Result() for word in _IGNORED},
}
