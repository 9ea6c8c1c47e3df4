"""SHOW, DESCRIBE and INFORMATION_SCHEMA: what there is in the server."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from grader.kit.mysql.errors import error
from grader.kit.mysql.functions import prepare
from grader.kit.mysql.schema import Column, Table
from grader.kit.mysql.server import SYSTEM, Server

Row = tuple[Any, ...]


class Result(NamedTuple):
    """What a statement brings: rows, or how many it touched."""

    columns: tuple[str, ...] | None = None
    rows: Iterator[Row] = iter(())
    affected: int = 0
    identity: int = 0
    warnings: tuple[tuple[str, int, str], ...] = ()
    tables: tuple[Table, ...] = ()


def taken(following: Callable[[], Row | None], most: int) -> list[Row]:
    """Return the rows that follow, as far as there are, at most so many."""
    rows: list[Row] = []
    while len(rows) < most:
        row = following()
        if row is None:
            break
        rows.append(row)
    return rows


VIEWS = {
    "SCHEMATA": "CATALOG_NAME, SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, "
                "DEFAULT_COLLATION_NAME, SQL_PATH",
    "TABLES": "TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, ENGINE, "
              "TABLE_ROWS, TABLE_COLLATION, TABLE_COMMENT",
    "COLUMNS": "TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, "
               "ORDINAL_POSITION, COLUMN_DEFAULT, IS_NULLABLE, DATA_TYPE, "
               "CHARACTER_MAXIMUM_LENGTH, NUMERIC_PRECISION, NUMERIC_SCALE, "
               "COLUMN_TYPE, COLUMN_KEY, EXTRA, COLUMN_COMMENT",
    "STATISTICS": "TABLE_SCHEMA, TABLE_NAME, NON_UNIQUE, INDEX_NAME, "
                  "SEQ_IN_INDEX, COLUMN_NAME",
}


def tables(server: Server, database: str) -> list[Table]:
    """Return the definitions of a schema's tables, by name."""
    if not server.exists(database):
        return []
    handle = server.open(database)
    found = handle.execute("SELECT model FROM __tables ORDER BY name")
    models = [Table.restore(row[0]) for row in found]
    handle.close()
    return models


def information_schema(server: Server) -> sqlite3.Connection:
    """Build the views that learners query, in memory."""
    handle = sqlite3.connect(":memory:", isolation_level=None)
    prepare(handle)
    every = [(d, t) for d in server.databases() for t in tables(server, d)]
    contents: dict[str, Iterable[Row]] = {
        "SCHEMATA": [("def", d, "utf8mb4", "utf8mb4_general_ci", None)
                     for d in (*server.databases(), *SYSTEM)],
        "TABLES": [("def", d, t.name, "BASE TABLE", "InnoDB", 0,
                    "utf8mb4_general_ci", "") for d, t in every],
        "COLUMNS": [_column(d, t, n, c) for d, t in every
                    for n, c in enumerate(t.columns, 1)],
        "STATISTICS": [(d, t.name, int(not k.kind), k.name, n, c)
                       for d, t in every for k in t.keys
                       for n, c in enumerate(k.columns, 1)],
    }
    for view, columns in VIEWS.items():
        typed = columns.replace(",", " COLLATE NOCASE,")
        handle.execute(f"CREATE TABLE {view} ({typed} COLLATE NOCASE)")
        marks = ", ".join("?" * (columns.count(",") + 1))
        handle.executemany(f"INSERT INTO {view} VALUES ({marks})",
                           contents[view])
    return handle


def _column(database: str, table: Table, place: int, column: Column) -> Row:
    length = column.length if column.is_text else None
    precision = column.length if column.base == "decimal" else None
    base = "tinyint" if column.base == "bool" else column.base
    return ("def", database, table.name, column.name, place,
            shown(column.default), "YES" if column.nullable else "NO", base,
            length, precision, column.scale if precision else None,
            column.type, table.flag(column), column.extra, column.comment)


def shown(default: str | None) -> str | None:
    """Return a column's default the way DESCRIBE shows it."""
    if default is None or default == "NULL":
        return None
    if default.startswith("("):
        return default[1:-1].replace(" ", "").lower().replace(
            "now()", "current_timestamp()")
    return default.strip("'")


def lookup(server: Server, database: str | None, name: str) -> Table:
    """Return a table's definition; names are case-sensitive."""
    if database is None:
        raise error(1046)
    key = (database, name)
    if key not in server.tables:
        server.tables.update({(database, t.name): t
                              for t in tables(server, database)})
    table = server.tables.get(key)
    if table is None:
        raise error(1146, f"{database}.{name}")
    return table
