"""One client's session in the stand-in server: schema and transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from grader.kit.mysql import commands, explain, functions
from grader.kit.mysql.catalogue import (VIEWS, Result, Row,
                                        information_schema, lookup)
from grader.kit.mysql.errors import error, syntax
from grader.kit.mysql.lexer import (Token, Tokens, joined, lex, significant,
                                    statements)
from grader.kit.mysql.schema import Table
from grader.kit.mysql.server import SYSTEM, Server
from grader.kit.mysql.translate import Query, query

Values = Sequence[Any]
_QUERIES = {"SELECT", "INSERT", "REPLACE", "UPDATE", "DELETE", "WITH",
            "VALUES", "("}


class Session:
    """What the server keeps for one connection.

    There is one SQLite connection for each schema used; a transaction of
    the learner's is a transaction in each of them that was written to.
    """

    def __init__(self, server: Server, database: str | None = None) -> None:
        self.server = server
        self.autocommit = False
        self.explicit = self.reading = False
        self.alive = True
        # The number of the error for LOAD DATA LOCAL, where it is refused.
        self.no_infile: int | None = None
        # Shared with SQL functions, which must not keep the session alive.
        self.state: dict[str, Any] = {"database": None, "identity": 0}
        self._handles: dict[str, sqlite3.Connection] = {}
        if database:
            self.use(database)
        self.number = server.enter(self)

    def __del__(self) -> None:
        for handle in getattr(self, "_handles", {}).values():
            handle.close()

    @property
    def database(self) -> str | None:
        found: str | None = self.state["database"]
        return found

    def use(self, database: str) -> None:
        known = database.lower() in SYSTEM or self.server.exists(database)
        if not known:
            raise error(1049, database)
        self.state["database"] = database

    def forget(self, database: str) -> None:
        """Let go of a schema that is being dropped."""
        if database in self._handles:
            self._handles.pop(database).close()
        if self.state["database"] == database:
            self.state["database"] = None

    def close(self) -> None:
        """End the session; what was not committed is lost."""
        self.alive = False
        for handle in self._handles.values():
            handle.close()
        self._handles.clear()
        self.server.leave(self)

    def execute(self, sql: str, values: Values | None = None,
                multiple: bool = True) -> Iterator[Result]:
        """Run the statements of a text; each runs when it is asked for."""
        parts = statements(lex(sql))
        if not multiple:
            parts = [part for part in parts if significant(part)]
            if len(parts) > 1:
                raise syntax(joined(parts[1]), sql)
        if not parts:
            raise error(1065)
        if len(parts) == 1 or values is None:
            yield from (self.run(part, values) for part in parts)
            return
        for part in parts:
            count = sum(token.kind == "mark" for token in part)
            yield self.run(part, values[:count])
            values = values[count:]

    def run(self, tokens: Tokens, values: Values | None = None) -> Result:
        """Run one statement with the values for its marks, if any."""
        if not self.alive:
            raise error(2013)
        if not significant(tokens):
            raise error(1065)
        if significant(tokens)[0].upper in _QUERIES:
            return self._query(query(tokens, values is not None),
                               values or ())
        if values:
            tokens = _filled(tokens, values)
        return commands.run(self, tokens)

    def many(self, sql: str, rows: Iterable[Values]) -> Result:
        """Run an INSERT for each of the rows: all of them or none."""
        plan = query(statements(lex(sql))[0], True)
        handle, tables = self._place(plan)
        self._begin(handle)
        handle.execute("SAVEPOINT many")
        row: Values = ()
        number = 0

        def watched() -> Iterator[Values]:
            nonlocal number, row
            for number, row in enumerate(rows, 1):
                yield row

        try:
            result = self._each(handle, plan, watched(), tables)
        except BaseException as failure:
            handle.execute("ROLLBACK TO many")
            handle.execute("RELEASE many")
            self._settle(handle)
            if isinstance(failure, sqlite3.Error):
                raise explain.failure(failure, plan, tables, row,
                                      self.database, number) from None
            raise
        handle.execute("RELEASE many")
        self._settle(handle)
        return result

    def _each(self, handle: sqlite3.Connection, plan: Query,
              rows: Iterator[Values], tables: Sequence[Table]) -> Result:
        _, affected, new = _counted(
            handle, plan, tables, lambda: handle.executemany(plan.sql, rows))
        identity = 0
        if new > 0 and tables[0].auto:
            last = handle.execute("SELECT last_insert_rowid()").fetchone()[0]
            identity = last - new + 1 if affected == new else last
            self.state["identity"] = identity
        return Result(affected=affected, identity=identity)

    def _query(self, plan: Query, values: Values) -> Result:
        for place in plan.numbers:
            if isinstance(values[place], str | float | Decimal | None):
                raise error(1064, repr(values[place]), 1)
        handle, tables = self._place(plan)
        try:
            if plan.kind in ("select", "with", "values"):
                return self._read(handle, plan, values, tables)
            self._begin(handle)
            try:
                return self._write(handle, plan, values, tables)
            finally:
                self._settle(handle)
        except sqlite3.Error as failure:
            raise explain.failure(failure, plan, tables, values,
                                  self.database, 1) from None

    def _read(self, handle: sqlite3.Connection, plan: Query, values: Values,
              tables: Sequence[Table]) -> Result:
        self.reading = bool(tables) and not self.autocommit
        cursor = handle.execute(plan.sql, values)
        columns = tuple(d[0] for d in cursor.description)
        rows: Iterator[Row] = cursor
        if plan.exact:
            rows = _exactly(cursor, explain.scales(plan, tables))
        return Result(columns, rows, tables=tuple(tables))

    def _write(self, handle: sqlite3.Connection, plan: Query, values: Values,
               tables: Sequence[Table]) -> Result:
        cursor, affected, new = _counted(
            handle, plan, tables, lambda: handle.execute(plan.sql, values))
        identity = 0
        if plan.kind in ("insert", "replace") and new and tables[0].auto:
            identity = (cursor.lastrowid or 0) - new + 1
            self.state["identity"] = identity
        return Result(None, iter(()), affected, identity)

    def _place(self, plan: Query) -> tuple[sqlite3.Connection, list[Table]]:
        """Find the schema of a statement's tables, and the tables."""
        schemas = {t.schema or self.database for t in plan.targets}
        if any((s or "").lower() == "information_schema" for s in schemas):
            for target in plan.targets:
                if target.table.upper() not in VIEWS:
                    raise error(1109, target.table, "information_schema")
            return self._prepared(information_schema(self.server)), []
        if not plan.targets or plan.kind == "with":
            return self.handle(self.database), []
        if len(schemas) > 1:
            raise error(1235, "tables of two schemas in one statement")
        database = schemas.pop()
        tables = [lookup(self.server, database, t.table)
                  for t in plan.targets]
        return self.handle(database), tables

    def handle(self, database: str | None) -> sqlite3.Connection:
        """Return the SQLite connection for a schema, opened once."""
        key = database or ""
        if key.lower() in SYSTEM:
            key = ""
        if key not in self._handles:
            made = self.server.open(key) if key else sqlite3.connect(
                ":memory:", isolation_level=None, check_same_thread=False)
            if not key:
                functions.prepare(made)
            self._handles[key] = self._prepared(made)
        return self._handles[key]

    def _prepared(self, handle: sqlite3.Connection) -> sqlite3.Connection:
        state = self.state
        handle.create_function("current_schema", 0,
                               lambda: state["database"])
        handle.create_function("last_insert_id", 0,
                               lambda: state["identity"])
        return handle

    def _begin(self, handle: sqlite3.Connection) -> None:
        if not handle.in_transaction:
            handle.execute("BEGIN")

    def _settle(self, handle: sqlite3.Connection) -> None:
        if self.autocommit and not self.explicit:
            handle.execute("COMMIT")

    @property
    def in_transaction(self) -> bool:
        # Reading a table begins a transaction too, as InnoDB sees it.
        return self.explicit or self.reading or any(
            handle.in_transaction for handle in self._handles.values())

    def begin(self) -> None:
        """Start a transaction by hand; the one that runs is committed."""
        self.finish("COMMIT")
        self.explicit = True

    def finish(self, verb: str) -> None:
        """COMMIT or ROLLBACK what was written in every schema."""
        self.explicit = self.reading = False
        for handle in self._handles.values():
            if handle.in_transaction:
                handle.execute(verb)


def _counted(handle: sqlite3.Connection, plan: Query,
             tables: Sequence[Table], write: Callable[[], sqlite3.Cursor]
             ) -> tuple[sqlite3.Cursor, int, int]:
    """Write; count what changed as MySQL does, and how much of it is new.

    A row that took the place of another counts as two.
    """
    if not (plan.upsert or plan.kind == "replace"):
        cursor = write()
        return cursor, cursor.rowcount, cursor.rowcount
    before = _count(handle, tables)
    cursor = write()
    new = _count(handle, tables) - before
    return cursor, new + 2 * (cursor.rowcount - new), new


def _count(handle: sqlite3.Connection, tables: Sequence[Table]) -> int:
    found = handle.execute(f"SELECT COUNT(*) FROM `{tables[0].name}`")
    return int(found.fetchone()[0])


def _exactly(rows: Iterable[Row], scales: dict[int, int]) -> Iterator[Row]:
    for row in rows:
        yield tuple(
            functions.exact(cell, scales[place])
            if place in scales and cell is not None else cell
            for place, cell in enumerate(row))


def _filled(tokens: Tokens, values: Values) -> Tokens:
    """Write the values where the marks are, as a driver would."""
    left = iter(values)
    out = []
    for token in tokens:
        if token.kind == "mark":
            cell = next(left, None)
            text = ("NULL" if cell is None else str(cell)
                    if isinstance(cell, int | float | Decimal) else
                    "'" + str(cell).replace("\\", "\\\\")
                    .replace("'", "''") + "'")
            kind = "string" if text[0] == "'" else "number"
            token = Token(kind, text, "" if kind == "string" else text)
        out.append(token)
    return tuple(out)
