"""The connections of mysql.connector."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Any

from grader.kit.mysql.catalogue import Result
from grader.kit.mysql.connector_cursor import MySQLCursor
from grader.kit.mysql.connector_errors import (
    DatabaseError, InterfaceError, InternalError, OperationalError,
    ProgrammingError)
from grader.kit.mysql.connector_kinds import KINDS, MySQLCursorBuffered
from grader.kit.mysql.connector_settings import Settings


class MySQLConnection(Settings):
    """A connection; any user and password will do."""

    def __init__(self, **options: Any) -> None:
        super().__init__()
        self.unread_result = False
        # Results of further statements in one execute wait to be asked for.
        self.unseen = False
        if options:
            self.connect(**options)

    # Opening and closing.

    def connect(self, **options: Any) -> None:
        """Connect, or connect again."""
        self.config(**options)
        if self._session is not None:
            self.close()
        self.unread_result = self.unseen = False
        chosen = self._options
        session = self._begin()
        if not (chosen.get("allow_local_infile")
                or chosen.get("allow_local_infile_in_path")):
            session.no_infile = 2068
        if chosen.get("init_command"):
            self.cmd_query(chosen["init_command"])

    def reconnect(self, attempts: int = 1, delay: int = 0) -> None:
        self.connect()

    def close(self) -> None:
        """Close; what was not committed is lost."""
        self._end()

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

    def __enter__(self) -> MySQLConnection:
        return self

    def __exit__(self, kind: type[BaseException] | None,
                 value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    # Talking to the server.

    def results(self, sql: str, values: Any = None) -> Iterator[Result]:
        return self.session.execute(sql, values)

    def cmd_query(self, query: str, **options: Any) -> None:
        cursor = MySQLCursorBuffered(self)
        cursor.execute(query)
        cursor.close()

    def cmd_init_db(self, database: str) -> None:
        self.cmd_query(f"USE `{database}`")

    @property
    def database(self) -> str | None:
        return self.session.database

    @database.setter
    def database(self, name: str) -> None:
        self.cmd_init_db(name)

    def info_query(self, query: str) -> Any:
        cursor = MySQLCursorBuffered(self)
        cursor.execute(query)
        return cursor.fetchone()

    def warn(self, result: Result) -> None:
        """Raise a statement's first warning if that was asked for."""
        if self.raise_on_warnings and result.warnings:
            _, number, text = result.warnings[0]
            raise DatabaseError(text, number)

    def handle_unread_result(self) -> None:
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
