"""LOAD DATA INFILE: a CSV file into a table."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import NamedTuple

from grader.kit.mysql.lexer import Tokens, joined, split, value
from grader.kit.mysql.queries import many
from grader.kit.mysql.reader import Reader
from grader.kit.mysql.schema import Result
from grader.kit.mysql.server_error import ServerError, error
from grader.kit.mysql.session import Session


class _Format(NamedTuple):
    separator: str = "\t"
    quote: str = ""
    newline: str = "\n"


def load(session: Session, reader: Reader) -> Result:
    """Run the statement; `reader` is past the word LOAD."""
    reader.expect("DATA")
    reader.take("LOW_PRIORITY")
    local = reader.take("LOCAL")
    if local and session.no_infile:
        raise error(session.no_infile)
    reader.expect("INFILE")
    path = Path(value(reader.token()))
    verb = "REPLACE" if reader.take("REPLACE") else "INSERT"
    # A local file cannot be stopped halfway: duplicates are left out.
    if reader.take("IGNORE") or (local and verb == "INSERT"):
        verb = "INSERT IGNORE"
    reader.expect("INTO", "TABLE")
    table = reader.name()
    if reader.take("CHARACTER", "SET"):
        reader.token()
    form = _format(reader)
    skipped = _skipped(reader)
    columns = split(reader.group()) if reader.peek() == "(" else []
    extra = reader.rest()[1:] if reader.take("SET") else ()
    sql = _statement(verb, table, columns, reader.rest() or extra)
    rows = _rows(path, form)[skipped:]
    if columns:
        rows = [_kept(row, columns) for row in rows]
    elif rows:
        sql += "(" + ", ".join(["%s"] * len(rows[0])) + ")"
    return many(session, sql, rows) if rows else Result()


def _is_kept(column: Tokens) -> bool:
    """Return whether a column is one of the table's, not a @variable."""
    return not column[0].text.startswith("@")


def _kept(row: list[str], columns: list[Tokens]) -> list[str]:
    return [cell for cell, column in zip(row, columns) if _is_kept(column)]


def _statement(verb: str, table: str, columns: list[Tokens],
               extra: Tokens) -> str:
    names = [joined(c) for c in columns if _is_kept(c)]
    values = ["%s"] * len(names)
    for part in split(extra) if extra else ():
        left, right = split(part, "=")
        names.append(joined(left))
        values.append("".join(token.text for token in right))
    if not columns:
        return f"{verb} INTO `{table}` VALUES "
    return (f"{verb} INTO `{table}` ({', '.join(names)}) "
            f"VALUES ({', '.join(values)})")


def _format(reader: Reader) -> _Format:
    form = _Format()
    if reader.take("FIELDS") or reader.take("COLUMNS"):
        while reader.peek() in ("TERMINATED", "OPTIONALLY", "ENCLOSED",
                                "ESCAPED"):
            reader.take("OPTIONALLY")
            word = reader.token().upper
            reader.expect("BY")
            mark = value(reader.token())
            if word == "TERMINATED":
                form = form._replace(separator=mark)
            elif word == "ENCLOSED":
                form = form._replace(quote=mark)
    if reader.take("LINES"):
        reader.expect("TERMINATED", "BY")
        form = form._replace(newline=value(reader.token()))
    return form


def _skipped(reader: Reader) -> int:
    """Return the number in IGNORE 1 LINES, 0 without it."""
    if not reader.take("IGNORE"):
        return 0
    count = int(reader.token().text)
    reader.token()
    return count


def _rows(path: Path, form: _Format) -> list[list[str]]:
    """Read the file; raise error 29 where it is not there."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise ServerError(29, "HY000", f"File '{path}' not found "
                          "(Errcode: 2 \"No such file or directory\")"
                          ) from None
    lines = io.StringIO(text.replace(form.newline, "\n"))
    if not form.quote:
        return list(csv.reader(lines, delimiter=form.separator,
                               quoting=csv.QUOTE_NONE))
    return list(csv.reader(lines, delimiter=form.separator,
                           quotechar=form.quote))
