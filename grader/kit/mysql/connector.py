"""The connections, cursors and pools of mysql.connector."""

from __future__ import annotations

import re
import sqlite3
import weakref
from collections import namedtuple
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from grader.kit.mysql import binding
from grader.kit.mysql.connector_errors import (
    DatabaseError, InterfaceError, InternalError, OperationalError, PoolError,
    ProgrammingError, driver_error)
from grader.kit.mysql.dbapi import (Closing, Link, LinkedCursor, described,
                                    is_insert)
from grader.kit.mysql.functions import VERSION
from grader.kit.mysql.lexer import statements
from grader.kit.mysql.schema import Result, Row
from grader.kit.mysql.server_error import ServerError

# The options of connect, beyond those that begin with ssl_ and pool_.
_OPTIONS = frozenset("""
    database db user username password passwd password1 password2 password3
    host port unix_socket use_unicode charset collation converter_class
    converter_str_fallback autocommit time_zone sql_mode get_warnings
    raise_on_warnings connection_timeout connect_timeout read_timeout
    write_timeout client_flags compress buffered raw tls_ciphersuites
    tls_versions dsn force_ipv6 auth_plugin allow_local_infile
    allow_local_infile_in_path consume_results conn_attrs dns_srv use_pure
    krb_service_principal oci_config_file oci_config_profile
    webauthn_callback kerberos_auth_mode init_command openid_token_file
    failover option_files option_groups
    """.split())


@lru_cache(maxsize=64)
def _row_type(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names, rename=True)


# Cursors

class MySQLCursor(LinkedCursor):
    """The default cursor: rows are read from the server one by one.

    Until the last is read the connection can do nothing else.
    """

    _raw = _named = _prepared = False

    def __init__(self, connection: MySQLConnection | None = None,
                 read_timeout: int | None = None,
                 write_timeout: int | None = None) -> None:
        # Weak, as in the real driver: a cursor keeps no connection open.
        self._connection: Any = (None if connection is None
                                 else weakref.proxy(connection))
        self._lastrowid: int | None = None
        super().__init__(connection)

    def _clear(self) -> None:
        super()._clear()
        self._ahead: Row | None = None
        self._rowcount = -1
        self._type: Any = None

    def _open_link(self) -> MySQLConnection:
        try:
            # The connection behind the proxy may be gone.
            if not self._connection:
                raise ProgrammingError
        except (ProgrammingError, ReferenceError):
            raise ProgrammingError("Cursor is not connected") from None
        connection: MySQLConnection = self._connection
        return connection

    def _not_executed(self) -> Exception:
        return InterfaceError("No result set to fetch from")

    # What is known of the result

    @property
    def description(self) -> list[tuple[Any, ...]] | None:
        if self._result.columns is None:
            return None
        # The flags of a column, and its character set, follow the standard
        # seven values.
        return [(*seven, int(nullable), 0 if nullable else 1, 45)
                for *seven, nullable in described(self._result)]

    @property
    def column_names(self) -> tuple[str, ...]:
        return self._result.columns or ()

    @property
    def with_rows(self) -> bool:
        return self._result.columns is not None

    @property
    def rowcount(self) -> int:
        return self._rowcount

    @property
    def lastrowid(self) -> int | None:
        return self._lastrowid

    def getlastrowid(self) -> int | None:
        return self._lastrowid

    @property
    def statement(self) -> str | None:
        return self._executed

    @property
    def warnings(self) -> list[tuple[str, int, str]] | None:
        wanted = self._connection is not None and \
            self._connection.get_warnings
        return list(self._result.warnings) or None if wanted else None

    fetchwarnings = warnings

    @property
    def warning_count(self) -> int:
        return len(self._result.warnings)

    def __str__(self) -> str:
        text = self._executed or "(Nothing executed yet)"
        short = text[:40] + ".." if len(text) > 40 else text
        return f"{type(self).__name__}: {short}"

    # Executing

    def execute(self, operation: str, params: Any = (),
                map_results: bool = False, multi: bool = False) -> Any:
        """Run a statement, whose rows can be fetched then.

        With `multi` return an iterator of this cursor, once for each of
        the statements.
        """
        if not operation:
            return None
        connection = self._open_link()
        connection.handle_unread_result()
        self._forget()
        if isinstance(operation, bytes | bytearray):
            operation = operation.decode()
        bound = self._bind(operation, params)
        connection.record(operation)
        self._executed = operation.strip()
        self._start(connection.results(*bound))
        connection.unseen = bool(self._pending)
        return self._each() if multi else None

    def _forget(self) -> None:
        self._clear()
        self._executed = None

    def _each(self) -> Iterator[MySQLCursor]:
        yield self
        while self.nextset():
            yield self

    def _bind(self, sql: str, params: Any) -> binding.Bound:
        if not params:
            return sql, None
        word = "format"
        try:
            if self._prepared and not isinstance(params, dict):
                return binding.question_marks(sql, params, ProgrammingError)
            if isinstance(params, dict):
                word = "pyformat"
                return binding.mapping(sql, params)
            if isinstance(params, list | tuple):
                return binding.sequence(sql, params, ProgrammingError)
        except TypeError as problem:
            raise ProgrammingError(f"Failed processing {word}-parameters; "
                                   f"{problem}") from None
        raise ProgrammingError(
            f"Could not process parameters: {type(params).__name__}"
            f"({params}), it must be of type list, tuple or dict")

    def _show(self, result: Result) -> None:
        super()._show(result)
        if result.columns is None:
            self._rowcount = result.affected
            self._lastrowid = result.identity
            self._connection.warn(result)
            return
        if self._named:
            self._type = _row_type(self._names)
        self._connection.unread_result = not self._stores

    def _keep_rows(self, rows: list[Row]) -> None:
        self._rowcount = len(rows)

    def executemany(self, operation: str, seq_params: Iterable[Any]) -> None:
        """Run a statement for each of the parameters.

        An INSERT becomes one statement with many rows, as in the driver.
        """
        if not operation or not seq_params:
            return
        connection = self._open_link()
        connection.handle_unread_result()
        try:
            rows = list(seq_params)
        except TypeError:
            raise ProgrammingError(
                "Parameters for query must be an Iterable") from None
        if not is_insert(operation):
            self._repeat(operation, rows)
            return
        if not re.search(r"\bVALUES?\b\s*\(", operation, re.IGNORECASE):
            raise InterfaceError("Failed rewriting statement for multi-row "
                                 "INSERT. Check SQL syntax")
        self._insert_many(operation, rows)
        connection.unseen = len(statements(operation)) > 1

    def _repeat(self, operation: str, rows: list[Any]) -> None:
        total = 0
        for row in rows:
            self.execute(operation, row)
            if self.with_rows:
                self.fetchall()
            total += max(self._rowcount, 0)
        self._rowcount = total

    def callproc(self, procname: str, args: Any = ()) -> Any:
        raise ProgrammingError(f"PROCEDURE {procname} does not exist", 1305,
                               None, "42000")

    def nextset(self) -> bool | None:
        """Go on to the result of the next of several statements."""
        if not self._pending:
            self._forget()
            return None
        self._connection.unread_result = False
        self._connection.unseen = len(self._pending) > 1
        return super().nextset()

    def stored_results(self) -> Iterator[MySQLCursor]:
        return iter(())

    def reset(self, free: bool = True) -> None:
        self._rows = iter(())

    def close(self) -> Any:
        """Close the cursor; raise an error if rows are left unread.

        False is for one that was closed before.
        """
        if self._connection is None:
            return False
        self._connection.handle_unread_result()
        self._forget()
        self._connection = None
        return True

    # Fetching

    def _next(self) -> Row | None:
        """Return the next row; the one after it is read ahead."""
        if self._stores:
            return next(self._rows, None)
        connection = self._connection
        if not connection.unread_result:
            return None
        row, self._ahead = self._ahead, None
        try:
            if row is None:
                row = next(self._rows, None)
            if row is not None:
                self._ahead = next(self._rows, None)
                count = self._rowcount
                self._rowcount = count + 1 if count > 0 else 1
        except sqlite3.Error:
            raise self._lost() from None
        if self._ahead is None:
            connection.unread_result = False
        return row

    def _several(self, most: int | None) -> Iterable[Row]:
        """Return the next rows as `_next` does each, in a third of the time.
        """
        connection = self._connection
        if self._stores:
            return super()._several(most)
        if not connection.unread_result or most == 0:
            return []
        ahead = () if self._ahead is None else (self._ahead,)
        self._ahead = None
        try:
            rows = list(islice(chain(ahead, self._rows), most))
            self._ahead = next(self._rows, None)
        except sqlite3.Error:
            raise self._lost() from None
        if rows:
            self._rowcount = max(self._rowcount, 0) + len(rows)
        connection.unread_result = self._ahead is not None
        return rows

    def _lost(self) -> Exception:
        return OperationalError("Lost connection to MySQL server during "
                                "query", 2013)

    def _in_form(self, row: Row) -> Any:
        if self._dictionary:
            return dict(zip(self._names, row))
        if self._raw:
            return tuple(None if cell is None else
                         bytearray(str(cell).encode()) for cell in row)
        return self._type(*row) if self._named else row

    def fetchall(self) -> Any:
        """Return all rows that are left."""
        if not self.with_rows and self._stores:
            raise self._not_executed()
        rows = super().fetchall()
        self._rowcount = max(self._rowcount, 0)
        return rows

    def __next__(self) -> Any:
        if self._executed is None:
            raise StopIteration
        return super().__next__()


def _kinds() -> dict[frozenset[str], type[MySQLCursor]]:
    """Return the kinds of cursor by the words that ask for each."""
    found: dict[frozenset[str], Any] = {frozenset(): MySQLCursor}
    for word, suffix, attribute in (
            ("buffered", "Buffered", "_stores"), ("raw", "Raw", "_raw"),
            ("dictionary", "Dict", "_dictionary"),
            ("named_tuple", "NamedTuple", "_named"),
            ("prepared", "Prepared", "_prepared")):
        found[frozenset({word})] = type(
            f"MySQLCursor{suffix}", (MySQLCursor,), {attribute: True})
    for suffix, *words in (
            ("BufferedRaw", "buffered", "raw"),
            ("BufferedDict", "dictionary", "buffered"),
            ("BufferedNamedTuple", "named_tuple", "buffered"),
            ("PreparedDict", "prepared", "dictionary")):
        found[frozenset(words)] = type(
            f"MySQLCursor{suffix}",
            tuple(found[frozenset({word})] for word in words), {})
    return found


KINDS = _kinds()
_BUFFERED = KINDS[frozenset({"buffered"})]


# Connections

def _switch(name: str) -> property:
    """Return a property for an option that is on or off."""
    def is_on(link: Link) -> bool:
        return bool(link._options.get(name))

    def turn(link: Link, on: bool) -> None:
        link._options[name] = on
    return property(is_on, turn)


class MySQLConnection(Link):
    """A connection, for any user and password."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.unread_result = False
        # Results of further statements in one execute wait to be asked for.
        self.unseen = False
        if options:
            self.connect(**options)

    def driver_error(self, failure: ServerError) -> Exception:
        return driver_error(failure)

    def _not_connected(self) -> Exception:
        return OperationalError("MySQL Connection not available.", 2055)

    # Opening and closing

    def config(self, **options: Any) -> None:
        """Set options for the next connect; unknown ones are an error."""
        for name in options:
            if name not in _OPTIONS and not name.startswith(
                    ("ssl_", "pool_")):
                raise AttributeError(f"Unsupported argument '{name}'")
        port = options.get("port")
        try:
            int(port if port is not None else 3306)
        except ValueError:
            raise InterfaceError("TCP/IP port number should be an integer"
                                 ) from None
        self._options.update(options)

    def connect(self, **options: Any) -> None:
        """Connect, or connect again."""
        self.config(**options)
        if self._session is not None:
            self.close()
        self.unread_result = self.unseen = False
        chosen = self._options
        session = self._begin_session()
        if not (chosen.get("allow_local_infile")
                or chosen.get("allow_local_infile_in_path")):
            session.no_infile = 2068
        if chosen.get("init_command"):
            self.cmd_query(chosen["init_command"])

    def reconnect(self, attempts: int = 1, delay: int = 0) -> None:
        self.connect()

    def close(self) -> None:
        """Close; what was not committed is lost."""
        self._end_session()

    disconnect = shutdown = close

    def is_connected(self) -> bool:
        # A ping cannot be sent while rows are unread: the driver says no.
        return (self._session is not None and self._session.alive
                and not self.unread_result and not self.unseen)

    def ping(self, reconnect: bool = False, attempts: int = 1,
             delay: int = 0) -> None:
        if not self.is_connected():
            if not reconnect:
                raise InterfaceError("Connection to MySQL is not available.")
            self.reconnect()

    # What it knows of itself

    @property
    def autocommit(self) -> bool:
        return self.session.autocommit

    @autocommit.setter
    def autocommit(self, on: bool) -> None:
        self._set_autocommit(on)

    @property
    def database(self) -> str | None:
        return self.session.database

    @database.setter
    def database(self, name: str) -> None:
        self.cmd_init_db(name)

    @property
    def in_transaction(self) -> bool:
        return self.session.in_transaction

    @property
    def connection_id(self) -> int | None:
        return self._session.number if self._session else None

    raise_on_warnings = _switch("raise_on_warnings")
    get_warnings = _switch("get_warnings")
    user = property(lambda self: self._options.get("user", ""))
    server_host = property(lambda self: self._options.get("host",
                                                          "127.0.0.1"))
    server_port = property(lambda self: int(self._options.get("port")
                                            or 3306))
    server_info = property(lambda self: VERSION)
    charset = property(lambda self: "utf8mb4")
    python_charset = property(lambda self: "utf-8")
    sql_mode = property(lambda self: "STRICT_TRANS_TABLES")
    time_zone = property(lambda self: "SYSTEM")

    def get_server_info(self) -> str:
        return VERSION

    def get_server_version(self) -> tuple[int, ...]:
        return tuple(int(part) for part in VERSION.split("."))

    def set_charset_collation(self, charset: Any = None,
                              collation: Any = None) -> None:
        return None

    # Talking to the server

    def cmd_query(self, query: str, **options: Any) -> None:
        cursor = _BUFFERED(self)
        cursor.execute(query)
        cursor.close()

    def cmd_init_db(self, database: str) -> None:
        self.cmd_query(f"USE `{database}`")

    def info_query(self, query: str) -> Any:
        cursor = _BUFFERED(self)
        cursor.execute(query)
        return cursor.fetchone()

    def warn(self, result: Result) -> None:
        """Raise a statement's first warning if that was asked for."""
        if self.raise_on_warnings and result.warnings:
            _, number, text = result.warnings[0]
            raise DatabaseError(text, number)

    def handle_unread_result(self) -> None:
        """Raise an error where rows are unread, or drop them if asked to.
        """
        if self.unseen:
            raise DatabaseError("Commands out of sync; you can't run this "
                                "command now", 2014, None, "HY000")
        if not self.unread_result:
            return
        if not self._options.get("consume_results"):
            raise InternalError("Unread result found")
        self.unread_result = False

    consume_results = handle_unread_result

    def commit(self) -> None:
        """Make what was written visible to others."""
        self.handle_unread_result()
        super().commit()

    def rollback(self) -> None:
        """Undo what was written and not committed."""
        self.unread_result = False
        super().rollback()

    def start_transaction(self, consistent_snapshot: bool = False,
                          isolation_level: str | None = None,
                          readonly: bool | None = None) -> None:
        if self.in_transaction:
            raise ProgrammingError("Transaction already in progress")
        self.session.begin()

    def reset_session(self, user_variables: Any = None,
                      session_variables: Any = None) -> None:
        self.session.finish("ROLLBACK")

    cmd_reset_connection = reset_session

    def cursor(self, buffered: bool | None = None, raw: bool | None = None,
               prepared: bool | None = None,
               cursor_class: type[MySQLCursor] | None = None,
               dictionary: bool | None = None,
               named_tuple: bool | None = None,
               read_timeout: int | None = None,
               write_timeout: int | None = None) -> MySQLCursor:
        """Return a cursor of the kind asked for."""
        self.handle_unread_result()
        if not self.is_connected():
            raise OperationalError("MySQL Connection not available")
        if cursor_class is not None:
            if not issubclass(cursor_class, MySQLCursor):
                raise ProgrammingError(
                    "Cursor class needs be to subclass of MySQLCursor")
            return cursor_class(self)
        chosen = {"buffered": self._chosen("buffered", buffered),
                  "raw": self._chosen("raw", raw), "prepared": prepared,
                  "dictionary": dictionary, "named_tuple": named_tuple}
        words = [name for name, on in chosen.items() if on]
        if frozenset(words) not in KINDS:
            raise ValueError("Cursor not available with given criteria: "
                             + ", ".join(words))
        return KINDS[frozenset(words)](self)

    def _chosen(self, name: str, on: bool | None) -> bool:
        """Return what is asked for, or else what the connection has."""
        return bool(self._options.get(name) if on is None else on)


# Pools

class PooledMySQLConnection(Closing):
    """A connection lent by a pool; closing gives it back."""

    def __init__(self, pool: MySQLConnectionPool,
                 connection: MySQLConnection) -> None:
        self._pool = pool
        self._cnx: MySQLConnection | None = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cnx, name)

    @property
    def pool_name(self) -> str:
        return self._pool.pool_name

    def close(self) -> None:
        if self._cnx is not None:
            self._pool.add_connection(self._cnx)
            self._cnx = None


class MySQLConnectionPool:
    """Lends connections; PoolError when none is left."""

    def __init__(self, pool_size: int = 5, pool_name: str | None = None,
                 pool_reset_session: bool = True, **options: Any) -> None:
        self.pool_size = pool_size
        self.pool_name = pool_name or "pool"
        self._free = [MySQLConnection(**(options or {"host": "localhost"}))
                      for _ in range(pool_size)]

    def get_connection(self) -> PooledMySQLConnection:
        if not self._free:
            raise PoolError("Failed getting connection; pool exhausted", -1)
        connection = self._free.pop(0)
        if not connection.is_connected():
            connection.reconnect()
        return PooledMySQLConnection(self, connection)

    def add_connection(self, connection: MySQLConnection) -> None:
        connection.unread_result = False
        connection.session.finish("ROLLBACK")
        self._free.append(connection)


_POOLS: dict[str, MySQLConnectionPool] = {}


def forget_pools() -> None:
    """Start without pools: a new server knows none of their connections."""
    _POOLS.clear()


def connect(*args: Any, **options: Any
            ) -> MySQLConnection | PooledMySQLConnection:
    """Open a connection; pool_name and pool_size lend one of a pool."""
    named = options.pop("pool_name", None)
    size = options.pop("pool_size", None)
    options.pop("pool_reset_session", None)
    if named is None and size is None:
        # Without any option the driver does not connect.
        return MySQLConnection(**options)
    key = named or "pool"
    if key not in _POOLS:
        _POOLS[key] = MySQLConnectionPool(size or 5, key, **options)
    return _POOLS[key].get_connection()
