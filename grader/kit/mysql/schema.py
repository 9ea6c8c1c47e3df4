"""A table's definition as MySQL sees it."""

from __future__ import annotations

import json
from typing import NamedTuple

from grader.kit.mysql.errors import error
from grader.kit.mysql.lexer import literal

INTEGERS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32,
            "bigint": 64, "bool": 8, "year": 16}
TEXTS = {"tinytext": 255, "text": 65535, "mediumtext": 2 ** 24 - 1,
         "longtext": 2 ** 32 - 1, "json": 2 ** 32 - 1}
BLOBS = {"tinyblob", "blob", "mediumblob", "longblob"}
FLOATS = {"float", "double"}
TIMES = {"date", "datetime", "timestamp", "time"}


class Column(NamedTuple):
    """One column; `default` is an SQL expression of SQLite's or None."""

    name: str
    base: str
    length: int | None = None
    scale: int = 0
    unsigned: bool = False
    nullable: bool = True
    default: str | None = None
    auto: bool = False
    binary: bool = False
    touched: bool = False
    comment: str = ""
    choices: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """The type as DESCRIBE shows it."""
        sign = " unsigned" if self.unsigned else ""
        if self.base == "decimal":
            return f"decimal({self.length},{self.scale}){sign}"
        if self.choices:
            return f"{self.base}({','.join(map(literal, self.choices))})"
        if self.base in INTEGERS:
            width = {"bool": 1, "tinyint": 4, "smallint": 6, "mediumint": 9,
                     "int": 11, "bigint": 20, "year": 4}[self.base]
            width -= self.unsigned and self.base == "int"
            shown = "tinyint" if self.base == "bool" else self.base
            return f"{shown}({self.length or width}){sign}"
        return self.base + (f"({self.length})" if self.length else "")

    @property
    def extra(self) -> str:
        """What DESCRIBE shows last."""
        if self.touched:
            return "on update current_timestamp()"
        return "auto_increment" if self.auto else ""

    @property
    def is_text(self) -> bool:
        return self.base in ("char", "varchar", "enum", "set",
                             "uuid") or self.base in TEXTS


class Key(NamedTuple):
    """An index; `kind` is PRIMARY, UNIQUE or the empty string."""

    name: str
    kind: str
    columns: tuple[str, ...]


class Table(NamedTuple):
    """A table; `constraints` are CHECK and FOREIGN KEY clauses."""

    name: str
    columns: tuple[Column, ...]
    keys: tuple[Key, ...] = ()
    constraints: tuple[str, ...] = ()

    def column(self, wanted: str) -> Column | None:
        for column in self.columns:
            if column.name.lower() == wanted.lower():
                return column
        return None

    @property
    def primary(self) -> tuple[str, ...]:
        for key in self.keys:
            if key.kind == "PRIMARY":
                return key.columns
        return ()

    @property
    def auto(self) -> Column | None:
        return next((c for c in self.columns if c.auto), None)

    def flag(self, column: Column) -> str:
        """Return PRI, UNI, MUL or nothing, as DESCRIBE does."""
        if column.name in self.primary:
            return "PRI"
        for kind, flag in (("UNIQUE", "UNI"), ("", "MUL")):
            for key in self.keys:
                if key.kind == kind and key.columns[0] == column.name:
                    return flag if len(key.columns) == 1 else "MUL"
        return ""

    def dump(self) -> str:
        return json.dumps(self)

    @classmethod
    def restore(cls, text: str) -> Table:
        """Read back what `dump` wrote."""
        title, columns, keys, constraints = json.loads(text)
        return cls(
            title,
            tuple(Column(*c)._replace(choices=tuple(c[-1]))
                  for c in columns),
            tuple(Key(label, kind, tuple(names))
                  for label, kind, names in keys),
            tuple(constraints))


def checked(table: Table) -> Table:
    """Refuse what MySQL refuses; primary key columns become NOT NULL."""
    seen: set[str] = set()
    for column in table.columns:
        if column.name.lower() in seen:
            raise error(1060, column.name)
        seen.add(column.name.lower())
    if sum(key.kind == "PRIMARY" for key in table.keys) > 1:
        raise error(1068)
    keys = tuple(_checked_key(table, key) for key in table.keys)
    table = table._replace(keys=keys)
    if sum(c.auto for c in table.columns) > 1 or (
            table.auto and not table.flag(table.auto)):
        raise error(1075)
    return table._replace(columns=tuple(
        c._replace(nullable=False) if c.name in table.primary else c
        for c in table.columns))


def _checked_key(table: Table, key: Key) -> Key:
    names = []
    for wanted in key.columns:
        column = table.column(wanted)
        if column is None:
            raise error(1072, wanted)
        if column.base in TEXTS or column.base in BLOBS:
            # MariaDB indexes such columns by a hash where they are UNIQUE.
            if key.kind != "UNIQUE":
                raise error(1170, column.name)
        names.append(column.name)
    return key._replace(columns=tuple(names))
