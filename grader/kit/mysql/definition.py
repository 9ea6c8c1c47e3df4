"""Reads the definitions of columns and keys in CREATE and ALTER TABLE."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from grader.kit.mysql.lexer import (Tokens, joined, literal, spaced, split,
                                    value)
from grader.kit.mysql.reader import Reader
from grader.kit.mysql.schema import (BLOBS, FLOATS, INTEGERS, TEXTS, TIMES,
                                     Column, Key, Table, checked)
from grader.kit.mysql.server_error import error, syntax

_SYNONYMS = {"INTEGER": "int", "NUMERIC": "decimal", "DEC": "decimal",
             "FIXED": "decimal", "REAL": "double", "BOOLEAN": "bool",
             "CHARACTER": "char", "NVARCHAR": "varchar", "NCHAR": "char"}
_TYPES = ({"decimal", "char", "varchar", "binary", "varbinary", "enum",
           "set", "uuid"} | set(INTEGERS) | set(TEXTS) | BLOBS | FLOATS
          | TIMES)
# What words after a type say of the column; the longest come first.
_SAYS: dict[tuple[str, ...], dict[str, Any]] = {
    ("NOT", "NULL"): {"nullable": False}, ("NULL",): {},
    ("UNSIGNED",): {"unsigned": True}, ("BINARY",): {"binary": True},
    **{(word,): {} for word in ("SIGNED", "ZEROFILL", "VISIBLE", "INVISIBLE",
                                "ASC", "DESC")}}


# Translates an expression of MySQL's into SQLite's.
Render = Callable[[Tokens], str]


# Each check of a suite may create the same table.
@lru_cache(maxsize=64)
def table(name: str, body: Tokens, render: Render) -> Table:
    """Read the parenthesised part of CREATE TABLE."""
    found = Table(name, ())
    for part in split(body):
        found = add(found, Reader(part), render)
    return checked(found)


def add(table: Table, reader: Reader, render: Render) -> Table:
    """Add one definition, a column or a key, to a table."""
    label = ""
    if reader.take("CONSTRAINT") and reader.peek() not in (
            "PRIMARY", "UNIQUE", "FOREIGN", "CHECK"):
        label = reader.name()
    if reader.peek() in ("FOREIGN", "CHECK"):
        clause = render(spaced(reader.rest()))
        return table._replace(constraints=table.constraints + (clause,))
    if reader.peek() in ("PRIMARY", "UNIQUE", "INDEX", "KEY", "FULLTEXT",
                         "SPATIAL") and not _is_column(reader):
        return with_key(table, key(reader, label))
    return column(table, reader, render)


def _is_column(reader: Reader) -> bool:
    # `key` in quotes is the name of a column.
    return reader.tokens[reader.place].kind == "quoted"


def with_key(table: Table, key: Key) -> Table:
    """Add a key; one without a name is called after its first column."""
    names = {other.name.lower() for other in table.keys}
    name = key.name
    if name and name.lower() in names and key.kind != "PRIMARY":
        raise error(1061, name)
    number = 1
    while not name or (key.kind != "PRIMARY" and name.lower() in names):
        suffix = f"_{number}" if number > 1 else ""
        name, number = key.columns[0] + suffix, number + 1
    return table._replace(keys=table.keys + (key._replace(name=name),))


def key(reader: Reader, label: str = "") -> Key:
    """Read PRIMARY KEY, UNIQUE or INDEX, with a name and columns."""
    kind = ""
    if reader.take("PRIMARY"):
        reader.expect("KEY")
        kind, label = "PRIMARY", "PRIMARY"
    elif reader.take("UNIQUE"):
        kind = "UNIQUE"
    for word in ("FULLTEXT", "SPATIAL", "INDEX", "KEY"):
        reader.take(word)
    if reader.peek() != "(" and reader.peek() != "USING":
        label = label if kind == "PRIMARY" else reader.name()
    if reader.take("USING"):
        reader.token()
    columns = tuple(Reader(part).name() for part in split(reader.group()))
    if reader.take("USING"):
        reader.token()
    if reader.take("COMMENT"):
        reader.token()
    if not reader.done():
        raise reader.wrong()
    return Key(label, kind, columns)


def column(table: Table, reader: Reader, render: Render) -> Table:
    """Read a column with its type and attributes."""
    found = _typed(reader.name(), reader)
    keys: list[Key] = []
    while not reader.done():
        found = _attribute(found, keys, reader, render)
    table = table._replace(columns=table.columns + (found,))
    for each in keys:
        table = with_key(table, each)
    return table


def _typed(name: str, reader: Reader) -> Column:
    word = reader.token().upper
    base = _SYNONYMS.get(word, word.lower())
    if word == "DOUBLE":
        reader.take("PRECISION")
    if word == "CHARACTER" and reader.take("VARYING"):
        base = "varchar"
    if base not in _TYPES:
        reader.place -= 1
        raise reader.wrong()
    sized = base in ("varchar", "varbinary", "enum", "set")
    if sized and reader.peek() != "(":
        raise reader.wrong()
    default = {"decimal": 10, "char": 1, "binary": 1}.get(base)
    made = Column(name, base, default)
    return _sized(made, reader.group()) if reader.peek() == "(" else made


def _sized(column: Column, inside: Tokens) -> Column:
    if column.base in ("enum", "set"):
        return column._replace(choices=tuple(
            value(t) for t in inside if t.kind == "string"))
    sizes = [int(t.text) for t in inside if t.text.isdigit()]
    if not sizes:
        raise syntax(joined(inside))
    return column._replace(length=sizes[0], scale=(sizes + [0])[1])


def _attribute(column: Column, keys: list[Key], reader: Reader,
               render: Render) -> Column:
    for words, changes in _SAYS.items():
        if reader.take(*words):
            return column._replace(**changes)
    if reader.take("AUTO_INCREMENT"):
        if column.base not in INTEGERS:
            raise error(1063, column.name)
        return column._replace(auto=True, nullable=False)
    if reader.take("DEFAULT"):
        return column._replace(default=_default(reader, render))
    if reader.take("PRIMARY", "KEY") or reader.take("KEY"):
        keys.append(Key("PRIMARY", "PRIMARY", (column.name,)))
        return column
    if reader.take("UNIQUE"):
        reader.take("KEY")
        keys.append(Key("", "UNIQUE", (column.name,)))
        return column
    if reader.take("COMMENT"):
        return column._replace(comment=value(reader.token()))
    return _rare(column, reader)


def _rare(column: Column, reader: Reader) -> Column:
    # An inline REFERENCES is read and ignored, as InnoDB does.
    if (reader.take("CHARACTER", "SET") or reader.take("CHARSET")
            or reader.take("COLLATE")):
        word = reader.token().text.strip("'\"").lower()
        binary = column.binary or word.endswith("_bin")
        return column._replace(binary=binary)
    touched = reader.take("ON", "UPDATE", "CURRENT_TIMESTAMP")
    if not touched and not reader.take("CHECK"):
        if not (reader.take("REFERENCES") or reader.take("ON", "UPDATE")
                or reader.take("ON", "DELETE")):
            raise reader.wrong()
        reader.token()
    if reader.peek() == "(":
        reader.group()
    return column._replace(touched=column.touched or touched)


def _default(reader: Reader, render: Render) -> str:
    """Return the expression after DEFAULT, for SQLite."""
    if reader.peek() == "(":
        return f"({render(spaced(reader.group()))})"
    token = reader.token()
    if token.kind == "string":
        return literal(value(token))
    if token.text in ("-", "+"):
        return token.text + reader.token().text
    if reader.peek() == "(":
        inside = render(reader.group())
        return f"({render((token,))}({inside}))"
    if token.upper in ("CURRENT_TIMESTAMP", "NOW", "LOCALTIME"):
        return "(now())"
    if token.kind == "number" or token.upper in ("NULL", "TRUE", "FALSE"):
        return token.text
    raise error(1064, token.text, 1)
