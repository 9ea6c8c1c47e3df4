"""Puts a driver's parameters into a statement, at its marks."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any

from grader.kit.mysql.lexer import Token, Tokens, lex

Bound = tuple[str, Sequence[Any] | None]
_PLAIN = (int, float, str, bytes, type(None))


def plain(cell: Any) -> Any:
    """Return a value as SQLite keeps it; raise TypeError for others."""
    kind = type(cell)
    if kind is bool:
        return int(cell)
    if kind in _PLAIN:
        # SQLite has no whole numbers beyond 64 bits.
        return str(cell) if kind is int and abs(cell) >> 63 else cell
    if kind is Decimal:
        return str(cell)
    if kind is datetime.datetime:
        return cell.replace(tzinfo=None).isoformat(" ")
    if kind in (datetime.date, datetime.time):
        return cell.isoformat()
    if kind is datetime.timedelta:
        minutes, seconds = divmod(int(cell.total_seconds()), 60)
        return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}"
    if kind is bytearray:
        return bytes(cell)
    raise TypeError(f"Python '{kind.__name__.lower()}' cannot be converted "
                    "to a MySQL type")


def written(cell: Any) -> str:
    """Return a plain value as a literal of MySQL's."""
    if cell is None:
        return "NULL"
    if isinstance(cell, int | float):
        return repr(cell)
    text = cell.decode("utf-8", "replace") if isinstance(
        cell, bytes) else str(cell)
    for raw, escaped in (("\\", "\\\\"), ("'", "\\'"), ("\0", "\\0"),
                         ("\n", "\\n"), ("\r", "\\r"), ("\x1a", "\\Z")):
        text = text.replace(raw, escaped)
    return f"'{text}'"


def filled(tokens: Tokens, values: Sequence[Any]) -> Tokens:
    """Return the tokens with values for marks, NULL where they run out."""
    left = iter(values)
    out = []
    for token in tokens:
        if token.kind == "mark":
            text = written(next(left, None))
            token = (Token("string", text, "") if text[0] == "'"
                     else Token("number", text, text))
        out.append(token)
    return tuple(out)


@lru_cache(maxsize=64)
def _are_all_marks(sql: str, count: int) -> bool:
    """Return whether a statement has this many marks, all of them %s."""
    return [token.text for token in marks(sql)] == ["%s"] * count


def marks(sql: str) -> list[Token]:
    """Return the marks of a statement, outside of its strings."""
    return [token for token in lex(sql) if token.kind == "mark"]


def is_plain(sql: str, found: Iterable[Token]) -> bool:
    """Return whether marks are the only percent signs of a statement."""
    return sql.count("%") == sum(t.text.count("%") for t in found)


def sequence(sql: str, cells: Sequence[Any],
             complain: Callable[[str], Exception]) -> Bound:
    """Bind %s marks the way mysql.connector does.

    It replaces each %s of the text, inside quotes too. Where one is in
    quotes the values are written into the text, and none are left to bind.
    `complain` makes the error for a wrong number of values.
    """
    # Most cells are text. A call for each takes as long as to insert them.
    values = [cell if type(cell) is str else plain(cell) for cell in cells]
    wanted = sql.count("%s")
    if wanted > len(values):
        raise complain("Not enough parameters for the SQL statement")
    if wanted < len(values):
        raise complain("Not all parameters were used in the SQL statement")
    if _are_all_marks(sql, wanted):
        return sql, values
    left = iter(values)
    pieces = sql.split("%s")
    text = pieces[0] + "".join(written(next(left)) + piece
                               for piece in pieces[1:])
    return text, None


def mapping(sql: str, cells: Mapping[str, Any]) -> Bound:
    """Bind %(name)s marks; a name that is missing is a KeyError."""
    values = {name: plain(cell) for name, cell in cells.items()}
    found = marks(sql)
    if not all(token.text.startswith("%(") for token in found):
        return sql, None
    if not is_plain(sql, found):
        return sql % {k: written(v) for k, v in values.items()}, None
    return sql, [values[token.text[2:-2]] for token in found]


def question_marks(sql: str, cells: Sequence[Any],
                   complain: Callable[[str], Exception]) -> Bound:
    """Bind the marks of a prepared statement, which are ? or %s."""
    if len(marks(sql)) != len(cells):
        raise complain("Incorrect number of arguments executing prepared "
                       "statement")
    return sql, [plain(cell) for cell in cells]


def formatted(sql: str, args: Any) -> Bound:
    """Bind the way PyMySQL and MySQLdb do: the % operator of Python.

    TypeError, ValueError and KeyError are what that operator raises.
    """
    found = marks(sql)
    simple = is_plain(sql, found) and "?" not in sql
    if isinstance(args, Mapping):
        cells = {name: _lenient(cell) for name, cell in args.items()}
        if simple and found and not any(isinstance(c, _Listed)
                                        for c in cells.values()):
            sql % args  # for the errors of that operator
            return sql, [cells[token.text[2:-2]] for token in found]
        return sql % {k: _literal(v) for k, v in cells.items()}, None
    many = args if isinstance(args, list | tuple) else (args,)
    values = [_lenient(cell) for cell in many]
    if simple and len(values) == len(found) and not any(
            isinstance(cell, _Listed) for cell in values):
        sql % tuple(values)
        return sql, values
    return sql % tuple(map(_literal, values)), None


class _Listed(str):
    """A literal that is written into the text: the list of an IN (...)."""


def _literal(cell: Any) -> str:
    return str(cell) if isinstance(cell, _Listed) else written(cell)


def _lenient(cell: Any) -> Any:
    """Return a value as PyMySQL takes it: lists too, others as text."""
    if isinstance(cell, list | tuple | set | frozenset):
        return _Listed("(" + ",".join(written(_lenient(c)) for c in cell)
                       + ")")
    try:
        return plain(cell)
    except TypeError:
        if isinstance(cell, dict):
            raise TypeError("dict can not be used as parameter") from None
        return str(cell)
