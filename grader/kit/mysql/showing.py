"""SHOW and DESCRIBE: what a client is told of the schemas."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from grader.kit.mysql.catalogue import Result, lookup, shown, tables
from grader.kit.mysql.errors import error
from grader.kit.mysql.lexer import identifier, value
from grader.kit.mysql.reader import Reader
from grader.kit.mysql.schema import Table
from grader.kit.mysql.server import SYSTEM, Server


def describe(table: Table) -> Result:
    rows = [(c.name, c.type, "YES" if c.nullable else "NO", table.flag(c),
             shown(c.default), c.extra)
            for c in table.columns]
    return Result(("Field", "Type", "Null", "Key", "Default", "Extra"),
                  iter(rows))


def show(server: Server, database: str | None, reader: Reader) -> Result:
    """Answer a SHOW statement; `reader` stands behind the word."""
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
                      iter([(table.name, definition(table))]))
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
    handle = sqlite3.connect(":memory:")
    found = handle.execute("SELECT ? LIKE ? ESCAPE '\\'", (text, pattern))
    matched = bool(found.fetchone()[0])
    handle.close()
    return matched


def definition(table: Table) -> str:
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
