"""Translates SQLite's errors into MySQL's."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from grader.kit.mysql.lexer import Tokens, split, value
from grader.kit.mysql.schema import Table
from grader.kit.mysql.server_error import ServerError, error, syntax
from grader.kit.mysql.translate import Plan

Rule = tuple[str, Callable[[re.Match[str], str], ServerError]]


def _near(match: re.Match[str], text: str) -> ServerError:
    place = text.find(match[1]) if match[1] else len(text)
    return syntax(text[max(place, 0):], text)


# What SQLite says, whatever the statement, and what MySQL says instead.
_RULES: list[Rule] = [
    (r'near "(.*?)": syntax error', _near),
    (r'unrecognized token: "(.*?)"?$', _near),
    (r"incomplete input()", _near),
    (r"ambiguous column name: (\S+)", lambda m, s: error(1052, m[1])),
    (r"already exists", lambda m, s: error(1050, "")),
    (r"values for|columns but", lambda m, s: error(1136, 1)),
    (r"all VALUES must have", lambda m, s: error(1136, 2)),
    (r"database (?:table |schema )?is locked", lambda m, s: error(1205)),
    (r"no such savepoint: (\S+)", lambda m, s: error(1305, m[1])),
]


def from_sqlite(problem: sqlite3.Error, text: str) -> ServerError:
    """Translate what SQLite found wrong with the statement `text`.

    What no rule matches becomes a syntax error.
    """
    for pattern, make in _RULES:
        match = re.search(pattern, str(problem))
        if match:
            return make(match, text)
    return syntax(text, text)


def explained(problem: sqlite3.Error, plan: Plan, tables: Sequence[Table],
              values: Sequence[Any], database: str | None,
              row: int) -> ServerError:
    """Translate an error by what is known of the statement's tables.

    `row` is the number of the row, from 1, whose `values` were refused.
    """
    text = str(problem)
    table = tables[0] if tables else None
    found = re.match(r"(UNIQUE|CHECK|NOT NULL) constraint failed: (.*)", text)
    if found and table is not None:
        return _constraint(found, plan, table, values, database, row)
    if text.startswith("FOREIGN KEY"):
        return error(1451 if plan.kind == "delete" else 1452)
    if found := re.search(r"no such column: (\S+)", text):
        return error(1054, found[1], _clause(plan.text, found[1]))
    if found := re.search(r"has no column named (\S+)", text):
        return error(1054, found[1], "field list")
    if found := re.search(r"no such table: (?:main\.)?(\S+)", text):
        return error(1146, f"{database}.{found[1]}")
    if found := re.search(r"no such function: (\S+)", text):
        return error(1305, f"{database}.{found[1]}")
    if text == "datatype mismatch" and table is not None and table.auto:
        cell = _given(plan, table.auto.name, values)
        return _mistyped(table, table.auto.name, cell, database, row)
    return from_sqlite(problem, plan.text)


def _constraint(found: re.Match[str], plan: Plan, table: Table,
                values: Sequence[Any], database: str | None,
                row: int) -> ServerError:
    rule, subject = found[1], found[2]
    if rule == "UNIQUE":
        columns = [part.rpartition(".")[2] for part in subject.split(", ")]
        entry = "-".join(str(_given(plan, c, values)) for c in columns)
        return error(1062, entry, _key(table, columns))
    if rule == "NOT NULL":
        return _null(plan, table, subject.rpartition(".")[2])
    # The CHECKs of layout.py are named "1264 age": number and column.
    number, _, column = subject.partition(" ")
    if number == "1366":
        cell = _given(plan, column, values)
        return _mistyped(table, column, cell, database, row)
    if number.isdigit():
        return error(int(number), column, row)
    return error(4025, subject)


def _null(plan: Plan, table: Table, column: str) -> ServerError:
    """Return error 1048 for a NULL that was given, 1364 for none given."""
    listed = plan.columns or tuple(c.name for c in table.columns)
    if column.lower() in (name.lower() for name in listed):
        return error(1048, column)
    return error(1364, column)


def _key(table: Table, columns: list[str]) -> str:
    for key in table.keys:
        if key.kind and sorted(key.columns) == sorted(columns):
            return key.name
    return "PRIMARY"


def _mistyped(table: Table, name: str, cell: object, database: str | None,
              row: int) -> ServerError:
    column = table.column(name)
    kind = column.base if column else "integer"
    kind = kind if kind in ("decimal", "double") else "integer"
    return error(1366, kind, cell,
                 f"`{database}`.`{table.name}`.`{name}`", row)


def _given(plan: Plan, column: str, values: Sequence[Any]) -> object:
    """Return the value that a statement would put into a column."""
    names = [name.lower() for name in plan.columns]
    if column.lower() not in names or not plan.rows:
        return ""
    place = names.index(column.lower())
    marks = 0
    for number, cell in enumerate(split(plan.rows[0])):
        if number == place:
            return _cell(cell, values, marks)
        marks += sum(token.kind == "mark" for token in cell)
    return ""


def _cell(tokens: Tokens, values: Sequence[Any], marks: int) -> object:
    if len(tokens) != 1:
        return ""
    if tokens[0].kind == "mark":
        return values[marks] if marks < len(values) else ""
    return value(tokens[0]) if tokens[0].kind == "string" else tokens[0].text


def _clause(text: str, column: str) -> str:
    """Return MySQL's name of the clause with a column that is missing."""
    bare = re.escape(column.rpartition(".")[2])
    place = [m.start() for m in re.finditer(rf"\b{bare}\b", text)][:1]
    before = text[:place[0]].upper() if place else ""
    for words, clause in (("ORDER BY", "order clause"),
                          ("GROUP BY", "group statement"),
                          ("WHERE", "where clause")):
        if words in before:
            return clause
    return "field list"
