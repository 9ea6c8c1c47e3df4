"""Where definitions are kept, and how one is changed: all or nothing."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from grader.kit.mysql.errors import error, from_sqlite
from grader.kit.mysql.lexer import identifier
from grader.kit.mysql.reader import Reader
from grader.kit.mysql.schema import Table

if TYPE_CHECKING:
    from grader.kit.mysql.session import Session


def schema(session: Session, reader: Reader) -> str:
    """Return the schema that a table's name, which comes next, is in."""
    named = reader.peek(1) == "."
    database = (identifier(reader.tokens[reader.place]) if named
                else session.database)
    if database is None:
        raise error(1046)
    if not session.server.exists(database):
        raise error(1049, database)
    return database


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
