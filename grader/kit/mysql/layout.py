"""Writes a MySQL table as the SQLite table that stands for it."""

from __future__ import annotations

from grader.kit.mysql.lexer import literal, name
from grader.kit.mysql.schema import FLOATS, INTEGERS, TIMES, Column, Table


def create(table: Table) -> str:
    """Return the CREATE TABLE for SQLite.

    Rows of a table with a primary key lie in its order, as InnoDB's do.
    """
    # SQLite numbers only rows whose single key is an INTEGER.
    auto = table.auto is not None and table.primary == (table.auto.name,)
    parts = [_declare(column, auto) for column in table.columns]
    if table.primary and not auto:
        parts.append(f"PRIMARY KEY ({_names(table.primary)})")
    parts += [f"CONSTRAINT {name(key.name)} UNIQUE ({_names(key.columns)})"
              for key in table.keys if key.kind == "UNIQUE"]
    parts += table.constraints
    tail = " WITHOUT ROWID" if table.primary and not auto else ""
    return f"CREATE TABLE {name(table.name)} ({', '.join(parts)}){tail}"


def extras(table: Table) -> list[str]:
    """Return CREATE INDEX for plain keys, CREATE TRIGGER for ON UPDATE.

    The indexes matter for the order of rows without ORDER BY: SQLite reads
    a covering index instead of the table where InnoDB does.
    """
    same = " AND ".join(f"{name(c)} IS NEW.{name(c)}" for c in table.primary)
    triggers = [
        f"CREATE TRIGGER {name(f'{table.name} {c.name}')} AFTER UPDATE "
        f"ON {name(table.name)} WHEN NEW.{name(c.name)} IS "
        f"OLD.{name(c.name)} BEGIN UPDATE {name(table.name)} SET "
        f"{name(c.name)} = now() WHERE {same}; END"
        for c in table.columns if c.touched and same]
    plain = [
        f"CREATE INDEX {name(f'{table.name} {key.name}')} "
        f"ON {name(table.name)} ({_names(key.columns)})"
        for key in table.keys if not key.kind]
    return plain + triggers


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(map(name, columns))


def _declare(column: Column, auto: bool) -> str:
    if column.auto and auto:
        return f"{name(column.name)} INTEGER PRIMARY KEY AUTOINCREMENT"
    parts = [name(column.name), _affinity(column)]
    if not column.nullable:
        parts.append("NOT NULL")
    if column.default is not None:
        parts.append(f"DEFAULT {column.default}")
    if column.is_text:
        parts.append("COLLATE " + ("BINARY" if column.binary else "NOCASE"))
    parts += [f"CONSTRAINT {name(f'{number} {column.name}')} CHECK ({test})"
              for number, test in _tests(column)]
    return " ".join(parts)


def _affinity(column: Column) -> str:
    # The names are those of the converters in functions.py.
    if column.base == "decimal":
        return f"DECIMAL_{column.scale}"
    if column.base in INTEGERS:
        return "MYINT"
    if column.base in TIMES:
        return f"MY{column.base.upper()}"
    if column.base in FLOATS:
        return "REAL"
    return "TEXT" if column.is_text else "BLOB"


def _tests(column: Column) -> list[tuple[int, str]]:
    """Return the limits of a type: MySQL's error number and a CHECK."""
    this = name(column.name)
    # SQLite keeps text in a column of numbers if it is none.
    number = (1366, f"{this} IS NULL OR typeof({this}) <> 'text'")
    if column.base in INTEGERS:
        bits = INTEGERS[column.base]
        low = 0 if column.unsigned else -2 ** (bits - 1)
        high = 2 ** min(bits, 63) - 1 if column.unsigned else -low - 1
        return [number, (1264, f"{this} BETWEEN {low} AND {high}")]
    if column.base == "decimal":
        limit = 10 ** ((column.length or 10) - column.scale)
        low = 0 if column.unsigned else -limit
        return [number, (1264, f"{this} > {low - column.unsigned} "
                               f"AND {this} < {limit}")]
    if column.base in FLOATS:
        return [number]
    if column.choices and column.base == "enum":
        return [(1265, f"{this} IN ({','.join(map(literal, column.choices))}"
                       ")")]
    if column.base in ("char", "varchar") and column.length:
        return [(1406, f"length({this}) <= {column.length}")]
    return []
