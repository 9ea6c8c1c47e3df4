"""Statements that are not queries: definitions, transactions, settings."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TYPE_CHECKING

from grader.kit.mysql import alter, catalogue, definition, infile
from grader.kit.mysql.catalogue import Result, lookup
from grader.kit.mysql.definition import Reader
from grader.kit.mysql.errors import error, from_sqlite
from grader.kit.mysql.lexer import Tokens, identifier, joined
from grader.kit.mysql.schema import Table, create, indexes
from grader.kit.mysql.server import SYSTEM
from grader.kit.mysql.translate import expression

if TYPE_CHECKING:
    from grader.kit.mysql.session import Session

_IGNORED = {"FLUSH", "GRANT", "REVOKE", "LOCK", "UNLOCK", "ANALYZE",
            "OPTIMIZE", "CHECK", "KILL"}
_EXISTS = "Can't create database '{}'; database exists"


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
    _end(reader)
    session.use(name)
    return Result()


def _end(reader: Reader) -> None:
    if not reader.done():
        raise reader.wrong()


def _create(session: Session, reader: Reader) -> Result:
    if reader.take("DATABASE") or reader.take("SCHEMA"):
        return _create_database(session, reader)
    reader.take("TEMPORARY")
    if reader.take("TABLE"):
        return _create_table(session, reader)
    if reader.peek() in ("UNIQUE", "INDEX"):
        return _create_index(session, reader)
    if reader.take("USER"):
        return Result()
    if reader.peek() in ("VIEW", "PROCEDURE", "FUNCTION", "TRIGGER", "OR"):
        raise error(1235, f"CREATE {reader.peek()}")
    raise reader.wrong()


def _guard(reader: Reader) -> bool:
    return reader.take("IF", "NOT", "EXISTS")


def _create_database(session: Session, reader: Reader) -> Result:
    guarded = _guard(reader)
    name = _database_name(reader)
    while not reader.done():
        _database_option(reader)
    session.finish("COMMIT")
    if name.lower() in SYSTEM:
        raise error(1044, name)
    if not session.server.exists(name):
        session.server.create(name)
        return Result(affected=1)
    if not guarded:
        raise error(1007, name)
    return Result(warnings=(("Note", 1007, _EXISTS.format(name)),))


def _database_name(reader: Reader) -> str:
    token = reader.token()
    name = identifier(token)
    if name is None:
        reader.place -= 1
        raise reader.wrong()
    return name


def _database_option(reader: Reader) -> None:
    reader.take("DEFAULT")
    if not (reader.take("CHARACTER", "SET") or reader.take("CHARSET")
            or reader.take("COLLATE")):
        raise reader.wrong()
    reader.take("=")
    reader.token()


def _schema(session: Session, reader: Reader) -> str:
    """Return the schema that a table's name, which comes next, is in."""
    named = reader.peek(1) == "."
    database = (identifier(reader.tokens[reader.place]) if named
                else session.database)
    if database is None:
        raise error(1046)
    if not session.server.exists(database):
        raise error(1049, database)
    return database


def _create_table(session: Session, reader: Reader) -> Result:
    guarded = _guard(reader)
    database = _schema(session, reader)
    name = reader.name()
    session.finish("COMMIT")
    exists = _exists(session, database, name)
    if reader.take("LIKE"):
        model = lookup(session.server, database, reader.name())
        table = model._replace(name=name)
    elif reader.peek() == "(":
        table = definition.table(name, reader.group(), expression)
        _table_options(reader)
    else:
        raise error(1235, "CREATE TABLE ... SELECT")
    if not exists:
        store(session, database, table, create(table), *indexes(table))
        return Result()
    if not guarded:
        raise error(1050, name)
    return Result(warnings=(
        ("Note", 1050, f"Table '{name}' already exists"),))


def _table_options(reader: Reader) -> None:
    known = {"ENGINE", "CHARSET", "COLLATE", "COMMENT", "AUTO_INCREMENT",
             "ROW_FORMAT", "CHARACTER", "DEFAULT"}
    while not reader.done():
        reader.take(",")
        if reader.peek() not in known:
            raise reader.wrong()
        reader.take("DEFAULT")
        if not reader.take("CHARACTER", "SET"):
            reader.token()
        reader.take("=")
        reader.token()


def _exists(session: Session, database: str, name: str) -> bool:
    return any(table.name == name for table in
               catalogue.tables(session.server, database))


def store(session: Session, database: str, table: Table, *sql: str) -> None:
    """Run definitions and write down the table they leave, at once."""
    handle = session.handle(database)
    try:
        handle.execute("BEGIN IMMEDIATE")
        for statement in sql:
            handle.execute(statement)
        handle.execute("INSERT OR REPLACE INTO __tables VALUES (?, ?)",
                       (table.name, table.dump()))
        handle.execute("COMMIT")
    except sqlite3.Error as problem:
        if handle.in_transaction:
            handle.execute("ROLLBACK")
        raise from_sqlite(problem, "".join(sql)) from None
    finally:
        session.server.tables.clear()


def _create_index(session: Session, reader: Reader) -> Result:
    kind = "UNIQUE " if reader.take("UNIQUE") else ""
    reader.expect("INDEX")
    guarded = _guard(reader)
    name = reader.name()
    reader.expect("ON")
    database = _schema(session, reader)
    table = lookup(session.server, database, reader.name())
    session.finish("COMMIT")
    if guarded and any(key.name == name for key in table.keys):
        return Result()
    columns = joined(tuple(reader.tokens[reader.place:]))
    alter.change(session, database, table,
                 f"ADD {kind}INDEX `{name}` {columns}")
    return Result()


def _alter(session: Session, reader: Reader) -> Result:
    if reader.take("DATABASE"):
        return Result()
    reader.expect("TABLE")
    database = _schema(session, reader)
    table = lookup(session.server, database, reader.name())
    session.finish("COMMIT")
    alter.change(session, database, table,
                 " ".join(token.text for token in reader.rest()))
    return Result()


def _drop(session: Session, reader: Reader) -> Result:
    session.finish("COMMIT")
    if reader.take("DATABASE") or reader.take("SCHEMA"):
        guarded = reader.take("IF", "EXISTS")
        name = reader.name()
        count = len(catalogue.tables(session.server, name))
        if session.server.exists(name):
            session.server.drop(name)
        elif not guarded:
            raise error(1008, name)
        return Result(affected=count)
    if reader.take("INDEX"):
        name = reader.name()
        reader.expect("ON")
        database = _schema(session, reader)
        table = lookup(session.server, database, reader.name())
        alter.change(session, database, table, f"DROP INDEX `{name}`")
        return Result()
    reader.take("TEMPORARY")
    reader.expect("TABLE")
    guarded = reader.take("IF", "EXISTS")
    while not reader.done():
        _drop_table(session, reader, guarded)
        reader.take(",")
    return Result()


def _drop_table(session: Session, reader: Reader, guarded: bool) -> None:
    database = _schema(session, reader)
    name = reader.name()
    if not _exists(session, database, name):
        if guarded:
            return
        raise error(1051, f"{database}.{name}")
    handle = session.handle(database)
    try:
        handle.execute(f"DROP TABLE `{name}`")
    except sqlite3.Error as problem:
        raise (error(1451) if "FOREIGN" in str(problem)
               else from_sqlite(problem, name)) from None
    handle.execute("DELETE FROM __tables WHERE name = ?", (name,))
    session.server.tables.clear()


def _truncate(session: Session, reader: Reader) -> Result:
    reader.take("TABLE")
    database = _schema(session, reader)
    table = lookup(session.server, database, reader.name())
    _end(reader)
    session.finish("COMMIT")
    handle = session.handle(database)
    handle.execute(f"DELETE FROM `{table.name}`")
    if table.auto:
        handle.execute("DELETE FROM sqlite_sequence WHERE name = ?",
                       (table.name,))
    return Result()


def _show(session: Session, reader: Reader) -> Result:
    return catalogue.show(session.server, session.database, reader)


def _describe(session: Session, reader: Reader) -> Result:
    if reader.peek() in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        return Result(("id", "select_type", "table"),
                      iter([(1, "SIMPLE", None)]))
    database = _schema(session, reader)
    return catalogue.describe(
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
    "USE": _use, "CREATE": _create, "ALTER": _alter, "DROP": _drop,
    "TRUNCATE": _truncate, "SHOW": _show, "DESCRIBE": _describe,
    "DESC": _describe, "EXPLAIN": _describe, "SET": _set,
    "START": _transaction, "BEGIN": _transaction, "COMMIT": _commit,
    "ROLLBACK": _rollback, "LOAD": _load,
    "SAVEPOINT": lambda s, r: _savepoint(s, f"SAVEPOINT `{r.name()}`"),
    "RELEASE": lambda s, r: _savepoint(
        s, f"RELEASE `{(r.take('SAVEPOINT'), r.name())[1]}`"),
    **{word: lambda s, r: Result() for word in _IGNORED},
}
