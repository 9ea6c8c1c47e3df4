"""A table's definition as MySQL sees it, and the result of a statement."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from grader.kit.mysql.lexer import literal
from grader.kit.mysql.server_error import error

Row = tuple[Any, ...]
# What a driver puts in the place of a statement's marks.
Values = Sequence[Any]

# Types and their bits, or the most bytes that they hold.
INTEGERS = {"tinyint": 8, "smallint": 16, "mediumint": 24, "int": 32,
            "bigint": 64, "bool": 8, "year": 16}
TEXTS = {"tinytext": 255, "text": 65535, "mediumtext": 2 ** 24 - 1,
         "longtext": 2 ** 32 - 1, "json": 2 ** 32 - 1}
BLOBS = {"tinyblob", "blob", "mediumblob", "longblob"}
FLOATS = {"float", "double"}
TIMES = {"date", "datetime", "timestamp", "time"}


class Column(NamedTuple):
    """One column; `default` is an expression in SQLite's SQL, or None.

    `length` is in characters, or the digits of a DECIMAL with `scale` of
    them after the point. `touched` is for ON UPDATE CURRENT_TIMESTAMP.
    """

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
        """Return the type as DESCRIBE shows it."""
        sign = " unsigned" if self.unsigned else ""
        if self.base == "decimal":
            return f"decimal({self.length},{self.scale}){sign}"
        if self.choices:
            return f"{self.base}({','.join(map(literal, self.choices))})"
        if self.base in INTEGERS:
            width = {"bool": 1, "tinyint": 4, "smallint": 6, "mediumint": 9,
                     "int": 11, "bigint": 20, "year": 4}[self.base]
            # An unsigned int is int(10) to MariaDB.
            width -= self.unsigned and self.base == "int"
            shown = "tinyint" if self.base == "bool" else self.base
            return f"{shown}({self.length or width}){sign}"
        return self.base + (f"({self.length})" if self.length else "")

    @property
    def extra(self) -> str:
        """Return what DESCRIBE shows last."""
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
    """A table; `constraints` are CHECK and FOREIGN KEY clauses for SQLite.
    """

    name: str
    columns: tuple[Column, ...]
    keys: tuple[Key, ...] = ()
    constraints: tuple[str, ...] = ()

    def column(self, wanted: str) -> Column | None:
        """Return the column of a name in any case, None without it."""
        for column in self.columns:
            if column.name.lower() == wanted.lower():
                return column
        return None

    @property
    def primary(self) -> tuple[str, ...]:
        """Return the columns of the primary key, in its order."""
        for key in self.keys:
            if key.kind == "PRIMARY":
                return key.columns
        return ()

    @property
    def auto(self) -> Column | None:
        """Return the AUTO_INCREMENT column, if there is one."""
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
        """Return the definition as JSON."""
        return json.dumps(self)

    @classmethod
    @lru_cache(maxsize=64)
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


class Result(NamedTuple):
    """What a statement returns: rows, or how many it affected.

    Without `columns` there are no rows. `identity` is the first number that
    AUTO_INCREMENT gave, 0 without any; `tables` are those it read from.
    """

    columns: tuple[str, ...] | None = None
    rows: Iterator[Row] = iter(())
    affected: int = 0
    identity: int = 0
    warnings: tuple[tuple[str, int, str], ...] = ()
    tables: tuple[Table, ...] = ()


def checked(table: Table) -> Table:
    """Return a definition with the columns of its key made NOT NULL.

    Raises MySQL's error for one that MySQL refuses.
    """
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
