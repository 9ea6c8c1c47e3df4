"""One client's session in the stand-in server: schema and transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from grader.kit.mysql import commands, explain, functions, writing
from grader.kit.mysql.binding import filled
from grader.kit.mysql.catalogue import VIEWS, Result, Row, lookup
from grader.kit.mysql.errors import error, syntax
from grader.kit.mysql.handles import Handles
from grader.kit.mysql.lexer import Tokens, joined, lex, significant, statements
from grader.kit.mysql.schema import Table
from grader.kit.mysql.server import SYSTEM, Server
from grader.kit.mysql.translate import Query, query
from grader.kit.mysql.writing import Values, Watched

_QUERIES = {"SELECT", "INSERT", "REPLACE", "UPDATE", "DELETE", "WITH",
            "VALUES", "("}


class Session:
    """What the server keeps for one connection.

    There is one SQLite connection for each schema used; a transaction of
    the learner's is one in each of them that was written to.
    """

    def __init__(self, server: Server, database: str | None = None) -> None:
        self.server = server
        self.autocommit = False
        self.explicit = self.reading = False
        self.alive = True
        # The number of the error for LOAD DATA LOCAL, where it is refused.
        self.no_infile: int | None = None
        self.state: dict[str, Any] = {"database": None, "identity": 0}
        self._handles = Handles(server, self.state)
        if database:
            self.use(database)
        self.number = server.enter(self)

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
        self._handles.drop(database)
        if self.state["database"] == database:
            self.state["database"] = None

    def close(self) -> None:
        """End the session; what was not committed is lost."""
        self.alive = False
        self._handles.close()
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
            tokens = filled(tokens, values)
        return commands.run(self, tokens)

    def many(self, sql: str, rows: Iterable[Values]) -> Result:
        """Run an INSERT for each of the rows: all of them or none."""
        plan = query(statements(lex(sql))[0], True)
        handle, tables = self._place(plan)
        self._begin(handle)
        watched = Watched(rows)
        handle.execute("SAVEPOINT many")
        try:
            return self._noted(writing.each(handle, plan, tables, watched))
        except BaseException as failure:
            handle.execute("ROLLBACK TO many")
            if isinstance(failure, sqlite3.Error):
                raise explain.failure(failure, plan, tables, watched.last,
                                      self.database, watched.number
                                      ) from None
            raise
        finally:
            handle.execute("RELEASE many")
            self._settle(handle)

    def _noted(self, result: Result) -> Result:
        """Remember the number that a new row was given."""
        if result.identity:
            self.state["identity"] = result.identity
        return result

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
                return self._noted(
                    writing.once(handle, plan, tables, values))
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
            rows = functions.exactly(cursor, explain.scales(plan, tables))
        return Result(columns, rows, tables=tuple(tables))

    def _place(self, plan: Query) -> tuple[sqlite3.Connection, list[Table]]:
        """Find the schema of a statement's tables, and the tables."""
        schemas = {t.schema or self.database for t in plan.targets}
        if any((s or "").lower() == "information_schema" for s in schemas):
            for target in plan.targets:
                if target.table.upper() not in VIEWS:
                    raise error(1109, target.table, "information_schema")
            return self._handles.views(), []
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
        return self._handles.get(database)

    def _begin(self, handle: sqlite3.Connection) -> None:
        if not handle.in_transaction:
            handle.execute("BEGIN")

    def _settle(self, handle: sqlite3.Connection) -> None:
        if self.autocommit and not self.explicit:
            handle.execute("COMMIT")

    @property
    def in_transaction(self) -> bool:
        # Reading a table begins a transaction too, as InnoDB sees it.
        return (self.explicit or self.reading
                or self._handles.in_transaction)

    def begin(self) -> None:
        """Start a transaction by hand; the one that runs is committed."""
        self.finish("COMMIT")
        self.explicit = True

    def finish(self, verb: str) -> None:
        """COMMIT or ROLLBACK what was written in every schema."""
        self.explicit = self.reading = False
        self._handles.finish(verb)
