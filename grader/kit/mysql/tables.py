"""CREATE, ALTER, DROP and TRUNCATE; each commits what came before."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from grader.kit.mysql import (
    alter as altering, catalogue, databases, definition, storage)
from grader.kit.mysql.catalogue import Result, lookup
from grader.kit.mysql.errors import error, from_sqlite
from grader.kit.mysql.layout import create as created, extras
from grader.kit.mysql.lexer import joined
from grader.kit.mysql.reader import Reader
from grader.kit.mysql.writer import expression

if TYPE_CHECKING:
    from grader.kit.mysql.session import Session


def create(session: Session, reader: Reader) -> Result:
    if reader.take("DATABASE") or reader.take("SCHEMA"):
        return databases.create(session, reader)
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


def _create_table(session: Session, reader: Reader) -> Result:
    guarded = reader.take("IF", "NOT", "EXISTS")
    database = storage.schema(session, reader)
    name = reader.name()
    session.finish("COMMIT")
    exists = _exists(session, database, name)
    # A wrong definition is an error, even where it is not needed.
    if reader.take("LIKE"):
        model = lookup(session.server, database, reader.name())
        table = model._replace(name=name)
    elif reader.peek() == "(":
        table = definition.table(name, reader.group(), expression)
        _table_options(reader)
    else:
        raise error(1235, "CREATE TABLE ... SELECT")
    if not exists:
        storage.store(session, database, table, created(table), *extras(table))
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


def _create_index(session: Session, reader: Reader) -> Result:
    kind = "UNIQUE " if reader.take("UNIQUE") else ""
    reader.expect("INDEX")
    guarded = reader.take("IF", "NOT", "EXISTS")
    name = reader.name()
    reader.expect("ON")
    database = storage.schema(session, reader)
    table = lookup(session.server, database, reader.name())
    session.finish("COMMIT")
    if guarded and any(key.name == name for key in table.keys):
        return Result()
    columns = joined(tuple(reader.tokens[reader.place:]))
    altering.change(session, database, table,
                    f"ADD {kind}INDEX `{name}` {columns}")
    return Result()


def alter(session: Session, reader: Reader) -> Result:
    if reader.take("DATABASE"):
        return Result()
    reader.expect("TABLE")
    database = storage.schema(session, reader)
    table = lookup(session.server, database, reader.name())
    session.finish("COMMIT")
    altering.change(session, database, table,
                    " ".join(token.text for token in reader.rest()))
    return Result()


def drop(session: Session, reader: Reader) -> Result:
    session.finish("COMMIT")
    if reader.take("DATABASE") or reader.take("SCHEMA"):
        return databases.drop(session, reader)
    if reader.take("INDEX"):
        name = reader.name()
        reader.expect("ON")
        database = storage.schema(session, reader)
        table = lookup(session.server, database, reader.name())
        altering.change(session, database, table, f"DROP INDEX `{name}`")
        return Result()
    reader.take("TEMPORARY")
    reader.expect("TABLE")
    guarded = reader.take("IF", "EXISTS")
    while not reader.done():
        _drop_table(session, reader, guarded)
        reader.take(",")
    return Result()


def _drop_table(session: Session, reader: Reader, guarded: bool) -> None:
    database = storage.schema(session, reader)
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


def truncate(session: Session, reader: Reader) -> Result:
    reader.take("TABLE")
    database = storage.schema(session, reader)
    table = lookup(session.server, database, reader.name())
    reader.end()
    session.finish("COMMIT")
    handle = session.handle(database)
    handle.execute(f"DELETE FROM `{table.name}`")
    if table.auto:
        handle.execute("DELETE FROM sqlite_sequence WHERE name = ?",
                       (table.name,))
    return Result()
