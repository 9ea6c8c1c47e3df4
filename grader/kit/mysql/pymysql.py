"""The connections and cursors of PyMySQL, and MySQLdb which it copies."""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from grader.kit.mysql import binding
from grader.kit.mysql.dbapi import Link, LinkedCursor, described, is_insert
from grader.kit.mysql.functions import VERSION
from grader.kit.mysql.pymysql_errors import (
    Error, InterfaceError, ProgrammingError, driver_error)
from grader.kit.mysql.schema import Result, Row
from grader.kit.mysql.server_error import ServerError, error

_MULTI_STATEMENTS = 1 << 16
_OPTIONS = frozenset("""
    host user password passwd database db port unix_socket bind_address
    charset collation sql_mode read_default_file read_default_group conv
    use_unicode client_flag cursorclass init_command connect_timeout
    read_timeout write_timeout autocommit local_infile max_allowed_packet
    defer_connect auth_plugin_map server_public_key binary_prefix compress
    named_pipe program_name auth_plugin
    """.split())
# The rowcount of a result whose end is not known yet.
_UNKNOWN = 2 ** 64 - 1


# Cursors

class Cursor(LinkedCursor):
    """The default cursor: all rows are stored in the client."""

    _stores = True

    def __init__(self, connection: Connection) -> None:
        self.connection: Connection | None = connection
        self.rowcount = -1
        self.lastrowid: int | None = None
        super().__init__(connection)

    def _clear(self) -> None:
        super()._clear()
        self._stored: list[Row] = []

    def _open_link(self) -> Connection:
        if self.connection is None:
            raise ProgrammingError("Cursor closed")
        return self.connection

    def _not_executed(self) -> Exception:
        return ProgrammingError("execute() first")

    @property
    def rownumber(self) -> int:
        return self._handed_out

    @property
    def description(self) -> tuple[tuple[Any, ...], ...] | None:
        if self._result.columns is None:
            return None
        return tuple(described(self._result))

    @property
    def warning_count(self) -> int:
        return len(self._result.warnings)

    # Executing

    def mogrify(self, query: str, args: Any = None) -> str:
        """Return the statement with its parameters written into it."""
        if args is None:
            return query
        sql, values = self._bind(query, args)
        for value in values or ():
            sql = sql.replace("%s", binding.written(value), 1)
        return sql

    def _bind(self, query: str, args: Any) -> binding.Bound:
        try:
            return binding.formatted(query, args)
        except (TypeError, ValueError) as problem:
            if isinstance(problem, TypeError) and "dict" not in str(problem):
                raise ProgrammingError(str(problem)) from None
            raise

    def execute(self, query: str, args: Any = None) -> int:
        """Run a statement; return how many rows it found or affected."""
        connection = self._open_link()
        if isinstance(query, bytes | bytearray):
            query = query.decode()
        sql, values = query, None
        if args is not None:
            sql, values = self._bind(query, args)
        connection.record(query)
        connection.supersede(self)
        self._clear()
        self._executed = sql or None
        self._start(connection.results(sql, values, connection.multiple))
        return self.rowcount

    def _show(self, result: Result) -> None:
        self.lastrowid = result.identity if result.columns is None else None
        self.rowcount = (result.affected if result.columns is None
                         else _UNKNOWN)
        super()._show(result)

    def _keep_rows(self, rows: list[Row]) -> None:
        self._stored = rows
        self.rowcount = len(rows)

    def executemany(self, query: str, args: Iterable[Any]) -> int | None:
        """Run a statement for each of the parameters.

        An INSERT becomes one statement with many rows, as in the drivers.
        """
        if not args:
            return None
        rows = list(args)
        if is_insert(query) and "VALUES" in query.upper():
            self._insert_many(query, rows)
        else:
            self.rowcount = sum(self.execute(query, row) for row in rows)
        return self.rowcount

    def callproc(self, procname: str, args: Any = ()) -> Any:
        raise driver_error(ServerError(
            1305, "42000", f"PROCEDURE {procname} does not exist"))

    # Fetching

    def _in_container(self, rows: list[Any]) -> Any:
        is_list = self._dictionary and self._result.columns is not None
        return rows if is_list else tuple(rows)

    def scroll(self, value: int, mode: str = "relative") -> None:
        """Go to a row, counted from here or (absolute) from the first."""
        if self._executed is None:
            raise self._not_executed()
        place = value + (self._handed_out if mode == "relative" else 0)
        if not 0 <= place < len(self._stored):
            raise IndexError("out of range")
        self._rows = islice(self._stored, place, None)
        self._handed_out = place

    # Closing

    def close(self) -> None:
        if self.connection is not None:
            self.connection = None
            self._rows = iter(())

    def setinputsizes(self, *sizes: Any) -> None:
        return None

    def setoutputsizes(self, *sizes: Any) -> None:
        return None


class DictCursor(Cursor):
    """Stores all rows, as dictionaries."""

    _dictionary = True


class SSCursor(Cursor):
    """Reads the rows from the server one by one."""

    _stores = False

    def end(self) -> None:
        """Drop what was not read: another statement takes its place."""
        self._rows = iter(())

    def _next(self) -> Row | None:
        try:
            return next(self._rows, None)
        except Exception:
            raise driver_error(error(2013)) from None

    def _in_container(self, rows: list[Any]) -> Any:
        return rows

    def fetchmany(self, size: int | None = None) -> Any:
        """Return the next rows, an empty tuple after the last."""
        return super().fetchmany(size) or ()

    def fetchall_unbuffered(self) -> Iterator[Any]:
        return iter(self.fetchone, None)


class SSDictCursor(SSCursor):
    """Reads rows one by one, as dictionaries."""

    _dictionary = True


# Connections

class Connection(Link):
    """A connection, for any user and password."""

    multiple = False

    def __init__(self, *args: Any, **options: Any) -> None:
        for name in options:
            if name not in _OPTIONS and not name.startswith("ssl"):
                raise TypeError("Connection.__init__() got an unexpected "
                                f"keyword argument '{name}'")
        names = ("host", "user", "password", "database", "port")
        options.update(zip(names, args))
        super().__init__()
        self.cursorclass = options.get("cursorclass") or Cursor
        self.host = options.get("host") or "localhost"
        self.user = options.get("user")
        self.port = int(options.get("port") or 3306)
        self.charset = options.get("charset") or "utf8mb4"
        self.encoding = "utf8"
        self.multiple = self.multiple or bool(
            (options.get("client_flag") or 0) & _MULTI_STATEMENTS)
        self._reader: weakref.ref[SSCursor] | None = None
        self._closed = False
        self._options = options
        if not options.get("defer_connect"):
            self.connect()

    def connect(self, sock: Any = None) -> None:
        """Connect, or connect again."""
        session = self._begin_session()
        self._closed = False
        if not self._options.get("local_infile"):
            session.no_infile = 4166
        if self._options.get("init_command"):
            self.query(self._options["init_command"])

    def driver_error(self, failure: ServerError) -> Exception:
        return driver_error(failure)

    def _not_connected(self) -> Exception:
        return InterfaceError(0, "")

    @property
    def open(self) -> bool:
        return self._session is not None and self._session.alive

    def supersede(self, cursor: Cursor) -> None:
        """End the stream that another cursor was reading."""
        reader = self._reader() if self._reader else None
        if reader is not None and reader is not cursor:
            reader.end()
        self._reader = (weakref.ref(cursor)
                        if isinstance(cursor, SSCursor) else None)

    def cursor(self, cursor: type[Cursor] | None = None,
               cursorclass: type[Cursor] | None = None) -> Cursor:
        """Return a cursor of the class asked for."""
        made: Cursor = (cursor or cursorclass or self.cursorclass)(self)
        return made

    def query(self, sql: str) -> int:
        return Cursor(self).execute(sql)

    def begin(self) -> None:
        self.session.begin()

    def close(self) -> None:
        """Close; what was not committed is lost."""
        if self._closed:
            raise Error("Already closed")
        self._closed = True
        self._end_session()

    def autocommit(self, value: bool) -> None:
        self._set_autocommit(value)

    def get_autocommit(self) -> bool:
        return self.session.autocommit

    def select_db(self, db: str) -> None:
        try:
            self.session.use(db)
        except ServerError as failure:
            raise driver_error(failure) from None

    def ping(self, reconnect: bool = True) -> None:
        if not self.open:
            if not reconnect:
                raise Error("Already closed")
            self.connect()

    def escape(self, obj: Any, mapping: Any = None) -> str:
        return Cursor(self).mogrify("%s", (obj,))

    literal = escape

    def escape_string(self, text: str) -> str:
        return self.escape(str(text))[1:-1]

    def thread_id(self) -> int:
        return self.session.number

    def get_server_info(self) -> str:
        return VERSION

    def show_warnings(self) -> tuple[Any, ...]:
        return ()


class MySQLdbConnection(Connection):
    """MySQLdb's: several statements at once are allowed."""

    multiple = True


# Both are called Connection, in tracebacks and in repr().
MySQLdbConnection.__name__ = "Connection"


def connect(*args: Any, **options: Any) -> Connection:
    """Open a connection as pymysql.connect does."""
    return Connection(*args, **options)


def connect_mysqldb(*args: Any, **options: Any) -> MySQLdbConnection:
    """Open a connection as MySQLdb.connect does."""
    return MySQLdbConnection(*args, **options)
