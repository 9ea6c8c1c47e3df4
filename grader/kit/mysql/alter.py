"""ALTER TABLE: the definition after it, and the SQL that gets there."""

from __future__ import annotations

from grader.kit.mysql.definition import add, column
from grader.kit.mysql.layout import create, extras
from grader.kit.mysql.lexer import lex, split
from grader.kit.mysql.reader import Reader
from grader.kit.mysql.schema import Column, Table, checked
from grader.kit.mysql.server_error import error
from grader.kit.mysql.dialect import expression


def altered(table: Table, text: str) -> tuple[Table, list[str]]:
    """Apply comma-separated changes; return the table and SQLite's SQL.

    SQLite itself can change hardly anything of a table, so the SQL copies
    the rows into a new one.
    """
    new, origins = table, {c.name: c.name for c in table.columns}
    for part in split(lex(text)):
        new = _one(new, origins, Reader(part, text))
    new = checked(new)
    kept = [c.name for c in new.columns if c.name in origins]
    into = ", ".join(f"`{name}`" for name in kept)
    source = ", ".join(f"`{origins[name]}`" for name in kept)
    scratch = new._replace(name=f"__new_{new.name}")
    return new, [
        create(scratch),
        f"INSERT INTO `{scratch.name}` ({into}) "
        f"SELECT {source} FROM `{table.name}`",
        f"DROP TABLE `{table.name}`",
        f"ALTER TABLE `{scratch.name}` RENAME TO `{new.name}`",
        f"DELETE FROM __tables WHERE name = '{table.name}'",
        *extras(new)]


def _one(table: Table, origins: dict[str, str], reader: Reader) -> Table:
    """Apply one change; `origins` maps new names of columns to old ones."""
    if reader.take("ADD"):
        reader.take("COLUMN")
        return _add(table, reader)
    if reader.take("DROP"):
        return _drop(table, origins, reader)
    if reader.take("RENAME"):
        return _rename(table, origins, reader)
    if reader.take("MODIFY"):
        reader.take("COLUMN")
        return _redefine(table, reader.tokens[reader.place].text.strip("`"),
                         reader)
    if reader.take("CHANGE"):
        reader.take("COLUMN")
        old = reader.name()
        new = _redefine(table, old, reader)
        found = new.columns[[c.name for c in table.columns].index(old)]
        origins[found.name] = origins.pop(old)
        return new
    raise error(1235, reader.text)


def _add(table: Table, reader: Reader) -> Table:
    after, first = "", False
    words = [token.upper for token in reader.tokens]
    if "AFTER" in words:
        after = reader.tokens[-1].text.strip("`")
        reader.tokens = reader.tokens[:-2]
    elif words[-1] == "FIRST":
        first, reader.tokens = True, reader.tokens[:-1]
    new = add(table, reader, expression)
    if len(new.columns) == len(table.columns) or not (after or first):
        return new
    *others, last = new.columns
    place = 0 if first else [c.name for c in others].index(after) + 1
    return new._replace(columns=(*others[:place], last, *others[place:]))


def _drop(table: Table, origins: dict[str, str], reader: Reader) -> Table:
    if reader.take("PRIMARY", "KEY"):
        return table._replace(keys=tuple(
            key for key in table.keys if key.kind != "PRIMARY"))
    if reader.take("INDEX") or reader.take("KEY"):
        name = reader.name()
        keys = tuple(key for key in table.keys if key.name != name)
        if len(keys) == len(table.keys):
            raise error(1091, f"INDEX `{name}`")
        return table._replace(keys=keys)
    reader.take("COLUMN")
    name = reader.name()
    found = _column(table, name, f"COLUMN `{name}`")
    origins.pop(found.name)
    return table._replace(columns=tuple(
        c for c in table.columns if c is not found))


def _column(table: Table, name: str, wanted: str) -> Column:
    found = table.column(name)
    if found is None:
        raise error(1091, wanted)
    return found


def _rename(table: Table, origins: dict[str, str], reader: Reader) -> Table:
    if reader.take("COLUMN"):
        old = reader.name()
        reader.expect("TO")
        new = reader.name()
        _column(table, old, f"COLUMN `{old}`")
        origins[new] = origins.pop(old)
        return table._replace(columns=tuple(
            c._replace(name=new) if c.name == old else c
            for c in table.columns))
    reader.take("TO") or reader.take("AS")
    return table._replace(name=reader.name())


def _redefine(table: Table, old: str, reader: Reader) -> Table:
    found = _column(table, old, f"COLUMN `{old}`")
    holder = column(Table(table.name, ()), reader, expression)
    return table._replace(keys=table.keys + holder.keys, columns=tuple(
        holder.columns[0] if c is found else c for c in table.columns))
