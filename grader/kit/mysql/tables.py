"""CREATE, ALTER, DROP and TRUNCATE; each commits what came before.

Each handler gets a reader that is past the words that name the statement.
"""

from __future__ import annotations

import sqlite3

from grader.kit.mysql import catalogue, definition
from grader.kit.mysql.alter import altered
from grader.kit.mysql.catalogue import lookup
from grader.kit.mysql.layout import create as created, extras
from grader.kit.mysql.lexer import identifier, joined
from grader.kit.mysql.reader import Reader
from grader.kit.mysql.schema import Result, Table
from grader.kit.mysql.server import SYSTEM
from grader.kit.mysql.server_error import error
from grader.kit.mysql.session import Session
from grader.kit.mysql.sqlite_errors import from_sqlite
from grader.kit.mysql.dialect import expression


def _schema_of(session: Session, reader: Reader) -> str:
    """Return the schema of the table whose name comes next.

    Raises error 1046 or 1049 where there is none.
    """
    named = reader.peek(1) == "."
    database = (identifier(reader.tokens[reader.place]) if named
                else session.database)
    if database is None:
        raise error(1046)
    if not session.server.exists(database):
        raise error(1049, database)
    return database


def named_table(session: Session, reader: Reader) -> tuple[str, Table]:
    """Return the schema and the definition of the table that comes next.

    Raises error 1046, 1049 or 1146 where there is none.
    """
    database = _schema_of(session, reader)
    return database, lookup(session.server, database, reader.name())


def _store(session: Session, database: str, table: Table, *sql: str) -> None:
    """Run SQL and keep the definition that it leads to: both or neither."""
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


def _change(session: Session, database: str, table: Table, text: str) -> None:
    """Apply the comma-separated changes of an ALTER TABLE."""
    new, sql = altered(table, text)
    _store(session, database, new, *sql)


# CREATE

def create(session: Session, reader: Reader) -> Result:
    """Run CREATE DATABASE, TABLE, INDEX or USER."""
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


def _create_database(session: Session, reader: Reader) -> Result:
    guarded = reader.take("IF", "NOT", "EXISTS")
    name = reader.bare_name()
    while not reader.done():
        _option(reader)
    session.finish("COMMIT")
    if name.lower() in SYSTEM:
        raise error(1044, name)
    if not session.server.exists(name):
        session.server.create(name)
        return Result(affected=1)
    if not guarded:
        raise error(1007, name)
    return Result(warnings=(("Note", 1007, error(1007, name).message),))


def _option(reader: Reader) -> None:
    reader.take("DEFAULT")
    if not (reader.take("CHARACTER", "SET") or reader.take("CHARSET")
            or reader.take("COLLATE")):
        raise reader.wrong()
    reader.take("=")
    reader.token()


def _create_table(session: Session, reader: Reader) -> Result:
    guarded = reader.take("IF", "NOT", "EXISTS")
    database = _schema_of(session, reader)
    name = reader.name()
    session.finish("COMMIT")
    exists = _exists(session, database, name)
    # A wrong definition is an error even where the table exists.
    if reader.take("LIKE"):
        model = lookup(session.server, database, reader.name())
        table = model._replace(name=name)
    elif reader.peek() == "(":
        table = definition.table(name, reader.group(), expression)
        _table_options(reader)
    else:
        raise error(1235, "CREATE TABLE ... SELECT")
    if not exists:
        _store(session, database, table, created(table), *extras(table))
        return Result()
    if not guarded:
        raise error(1050, name)
    return Result(warnings=(
        ("Note", 1050, error(1050, name).message),))


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
    database, table = named_table(session, reader)
    session.finish("COMMIT")
    if guarded and any(key.name == name for key in table.keys):
        return Result()
    columns = joined(tuple(reader.tokens[reader.place:]))
    _change(session, database, table,
            f"ADD {kind}INDEX `{name}` {columns}")
    return Result()


# ALTER, DROP and TRUNCATE

def alter(session: Session, reader: Reader) -> Result:
    """Run ALTER TABLE; ALTER DATABASE changes nothing here."""
    if reader.take("DATABASE"):
        return Result()
    reader.expect("TABLE")
    database, table = named_table(session, reader)
    session.finish("COMMIT")
    _change(session, database, table,
            " ".join(token.text for token in reader.rest()))
    return Result()


def drop(session: Session, reader: Reader) -> Result:
    """Run DROP DATABASE, TABLE or INDEX."""
    session.finish("COMMIT")
    if reader.take("DATABASE") or reader.take("SCHEMA"):
        return _drop_database(session, reader)
    if reader.take("INDEX"):
        name = reader.name()
        reader.expect("ON")
        database, table = named_table(session, reader)
        _change(session, database, table, f"DROP INDEX `{name}`")
        return Result()
    reader.take("TEMPORARY")
    reader.expect("TABLE")
    guarded = reader.take("IF", "EXISTS")
    while not reader.done():
        _drop_table(session, reader, guarded)
        reader.take(",")
    return Result()


def _drop_table(session: Session, reader: Reader, guarded: bool) -> None:
    database = _schema_of(session, reader)
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


def _drop_database(session: Session, reader: Reader) -> Result:
    guarded = reader.take("IF", "EXISTS")
    name = reader.name()
    count = len(catalogue.tables(session.server, name))
    if session.server.exists(name):
        session.server.drop(name)
    elif not guarded:
        raise error(1008, name)
    return Result(affected=count)


def truncate(session: Session, reader: Reader) -> Result:
    """Run TRUNCATE: the table is empty, its numbers start at 1 again."""
    reader.take("TABLE")
    database, table = named_table(session, reader)
    reader.end()
    session.finish("COMMIT")
    handle = session.handle(database)
    handle.execute(f"DELETE FROM `{table.name}`")
    if table.auto:
        handle.execute("DELETE FROM sqlite_sequence WHERE name = ?",
                       (table.name,))
    return Result()
