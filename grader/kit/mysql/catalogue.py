"""What the stand-in has: SHOW, DESCRIBE and INFORMATION_SCHEMA."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from grader.kit.mysql.functions import prepare
from grader.kit.mysql.lexer import identifier, value
from grader.kit.mysql.reader import Reader
from grader.kit.mysql.schema import Column, Result, Row, Table
from grader.kit.mysql.server import SYSTEM, Server
from grader.kit.mysql.server_error import error
from grader.kit.sqlite import connect

# The views of INFORMATION_SCHEMA and their columns.
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
    """Return the definitions of a schema's tables, in order of name."""
    if not server.exists(database):
        return []
    with server.lent(database) as handle:
        found = handle.execute("SELECT model FROM __tables ORDER BY name")
        return [Table.restore(row[0]) for row in found]


def information_schema(server: Server) -> sqlite3.Connection:
    """Return a connection to the views, built in memory as of now."""
    handle = connect(":memory:", isolation_level=None)
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
    """Return a table's definition; raise error 1046 or 1146 without it.

    Names are case-sensitive, as on Linux.
    """
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


# SHOW and DESCRIBE

def describe(table: Table) -> Result:
    """Answer DESCRIBE for a table."""
    rows = [(c.name, c.type, "YES" if c.nullable else "NO", table.flag(c),
             shown(c.default), c.extra)
            for c in table.columns]
    return Result(("Field", "Type", "Null", "Key", "Default", "Extra"),
                  iter(rows))


def show(server: Server, database: str | None, reader: Reader) -> Result:
    """Answer a SHOW statement; `reader` is past that word."""
    reader.take("FULL")
    reader.take("EXTENDED")
    if reader.take("DATABASES") or reader.take("SCHEMAS"):
        names: Sequence[str] = sorted([*server.databases(), *SYSTEM])
        return _named("Database", names, reader)
    if reader.take("TABLES"):
        chosen = _schema(reader, database)
        if not server.exists(chosen):
            raise error(1049, chosen)
        return _named(f"Tables_in_{chosen}",
                      [t.name for t in tables(server, chosen)], reader)
    if reader.peek() in ("COLUMNS", "FIELDS", "INDEX", "INDEXES", "KEYS"):
        return _parts(server, database, reader)
    if reader.take("CREATE", "TABLE"):
        table = lookup(server, database, reader.name())
        return Result(("Table", "Create Table"),
                      iter([(table.name, _definition(table))]))
    if reader.take("WARNINGS") or reader.take("ERRORS"):
        return Result(("Level", "Code", "Message"))
    if reader.peek() in ("VARIABLES", "GLOBAL", "SESSION", "STATUS",
                         "PROCESSLIST", "ENGINES", "GRANTS", "CHARACTER"):
        return Result(("Variable_name", "Value"))
    raise reader.wrong()


def _parts(server: Server, database: str | None, reader: Reader) -> Result:
    word = reader.token().upper
    reader.take("FROM") or reader.take("IN")
    table = lookup(server, _after(reader, database), reader.name())
    if word in ("COLUMNS", "FIELDS"):
        return describe(table)
    rows = [(table.name, int(not k.kind), k.name, n, c)
            for k in table.keys for n, c in enumerate(k.columns, 1)]
    return Result(("Table", "Non_unique", "Key_name", "Seq_in_index",
                   "Column_name"), iter(rows))


def _after(reader: Reader, database: str | None) -> str | None:
    """Return the schema named after a table's name, if there is one."""
    if reader.peek(1) == ".":
        return identifier(reader.tokens[reader.place])
    if reader.peek(1) in ("FROM", "IN"):
        return identifier(reader.tokens[reader.place + 2])
    return database


def _schema(reader: Reader, database: str | None) -> str:
    if reader.take("FROM") or reader.take("IN"):
        return reader.name()
    if database is None:
        raise error(1046)
    return database


def _named(title: str, names: Sequence[str], reader: Reader) -> Result:
    if reader.take("LIKE"):
        pattern = value(reader.token())
        title = f"{title} ({pattern})"
        names = [n for n in names if _like(pattern, n)]
    elif reader.take("WHERE"):
        reader.token()
        reader.token()
        wanted = value(reader.token())
        names = [n for n in names if n == wanted]
    if not reader.done():
        raise reader.wrong()
    return Result((title,), iter([(name,) for name in names]))


def _like(pattern: str, text: str) -> bool:
    # SQLite's LIKE is MySQL's, but for the escape.
    handle = connect(":memory:")
    found = handle.execute("SELECT ? LIKE ? ESCAPE '\\'", (text, pattern))
    matched = bool(found.fetchone()[0])
    handle.close()
    return matched


def _definition(table: Table) -> str:
    """Write a table's CREATE TABLE as SHOW CREATE TABLE does."""
    lines = [f"  `{c.name}` {c.type}" + (" NOT NULL" * (not c.nullable))
             + (" AUTO_INCREMENT" * c.auto) for c in table.columns]
    for key in table.keys:
        columns = ",".join(f"`{c}`" for c in key.columns)
        label = ("PRIMARY KEY" if key.kind == "PRIMARY"
                 else f"{key.kind} KEY `{key.name}`".strip())
        lines.append(f"  {label} ({columns})")
    body = ",\n".join(lines)
    return (f"CREATE TABLE `{table.name}` (\n{body}\n) ENGINE=InnoDB "
            "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci")
