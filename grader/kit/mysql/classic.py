"""The connection of PyMySQL and MySQLdb."""

from __future__ import annotations

import weakref
from typing import Any

from grader.kit.mysql.classic_cursor import Cursor
from grader.kit.mysql.classic_errors import Error, InterfaceError, raised
from grader.kit.mysql.classic_stream import SSCursor
from grader.kit.mysql.errors import ServerError
from grader.kit.mysql.functions import VERSION
from grader.kit.mysql.link import Link

_MULTI_STATEMENTS = 1 << 16
_OPTIONS = frozenset("""
    host user password passwd database db port unix_socket bind_address
    charset collation sql_mode read_default_file read_default_group conv
    use_unicode client_flag cursorclass init_command connect_timeout
    read_timeout write_timeout autocommit local_infile max_allowed_packet
    defer_connect auth_plugin_map server_public_key binary_prefix compress
    named_pipe program_name auth_plugin
    """.split())


class Connection(Link):
    """A connection; any user and password will do."""

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
        session = self._begin()
        self._closed = False
        if not self._options.get("local_infile"):
            session.no_infile = 4166
        if self._options.get("init_command"):
            self.query(self._options["init_command"])

    def _raised(self, failure: ServerError) -> Exception:
        return raised(failure)

    def _gone(self) -> Exception:
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
        self._end()

    def autocommit(self, value: bool) -> None:
        self._commit_at_once(value)

    def get_autocommit(self) -> bool:
        return self.session.autocommit

    def select_db(self, db: str) -> None:
        try:
            self.session.use(db)
        except ServerError as failure:
            raise raised(failure) from None

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

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *details: object) -> None:
        self.close()


class MySQLdbConnection(Connection):
    """MySQLdb's: several statements at once are allowed."""

    multiple = True


MySQLdbConnection.__name__ = "Connection"


def connect(*args: Any, **options: Any) -> Connection:
    return Connection(*args, **options)


def connect_mysqldb(*args: Any, **options: Any) -> MySQLdbConnection:
    return MySQLdbConnection(*args, **options)
