"""The exceptions of mysql.connector, and which number raises which."""

from __future__ import annotations

from grader.kit.mysql.server_error import ServerError


class Error(Exception):
    """Base of the errors; has msg, errno (-1 if none) and sqlstate."""

    def __init__(self, msg: str | None = None, errno: int | None = None,
                 values: tuple[object, ...] | None = None,
                 sqlstate: str | None = None) -> None:
        super().__init__()
        self.msg = msg or "Unknown error"
        self.errno = errno or -1
        self.sqlstate = sqlstate
        self._full_msg = self.msg
        if self.errno != -1:
            state = f" ({sqlstate})" if sqlstate else ""
            self._full_msg = f"{self.errno}{state}: {self.msg}"
        self.args = (self.errno, self._full_msg, self.sqlstate)

    def __str__(self) -> str:
        return self._full_msg


class Warning(Exception):
    """Important warnings."""


class InterfaceError(Error):
    """The driver was used in a way that cannot work."""


class DatabaseError(Error):
    """The server refused something."""


class InternalError(DatabaseError):
    """The connection is not in the state it should be in."""


class OperationalError(DatabaseError):
    """The server or the way to it fails."""


class ProgrammingError(DatabaseError):
    """The statement is wrong."""


class IntegrityError(DatabaseError):
    """A key or constraint is violated."""


class DataError(DatabaseError):
    """A value does not fit."""


class NotSupportedError(DatabaseError):
    """The server cannot do that."""


class PoolError(Error):
    """A connection pool is used wrongly."""


class ConnectionTimeoutError(Error):
    """Connecting took too long."""


class ReadTimeoutError(Error):
    """Reading took too long."""


class WriteTimeoutError(Error):
    """Writing took too long."""


# By the first two characters of the SQL state, unless the number decides.
_BY_STATE: dict[str, type[Error]] = {
    "02": DataError, "08": OperationalError, "0A": NotSupportedError,
    "21": DataError, "22": DataError, "23": IntegrityError,
    "24": ProgrammingError, "25": ProgrammingError, "28": ProgrammingError,
    "3D": ProgrammingError, "40": InternalError, "42": ProgrammingError,
    "44": InternalError, "XA": IntegrityError, "HZ": OperationalError}
_BY_NUMBER: dict[int, type[Error]] = {
    1210: ProgrammingError, 1243: ProgrammingError, 2013: OperationalError}

CODES = {
    "ER_DB_CREATE_EXISTS": 1007, "ER_DB_DROP_EXISTS": 1008,
    "ER_CANT_OPEN_FILE": 1016, "ER_FILE_NOT_FOUND": 1017,
    "ER_CON_COUNT_ERROR": 1040, "ER_BAD_HOST_ERROR": 1042,
    "ER_HANDSHAKE_ERROR": 1043, "ER_DBACCESS_DENIED_ERROR": 1044,
    "ER_ACCESS_DENIED_ERROR": 1045, "ER_NO_DB_ERROR": 1046,
    "ER_UNKNOWN_COM_ERROR": 1047, "ER_BAD_NULL_ERROR": 1048,
    "ER_BAD_DB_ERROR": 1049, "ER_TABLE_EXISTS_ERROR": 1050,
    "ER_BAD_TABLE_ERROR": 1051, "ER_NON_UNIQ_ERROR": 1052,
    "ER_SERVER_SHUTDOWN": 1053, "ER_BAD_FIELD_ERROR": 1054,
    "ER_DUP_FIELDNAME": 1060, "ER_DUP_KEYNAME": 1061, "ER_DUP_ENTRY": 1062,
    "ER_PARSE_ERROR": 1064, "ER_EMPTY_QUERY": 1065,
    "ER_MULTIPLE_PRI_KEY": 1068, "ER_KEY_COLUMN_DOES_NOT_EXITS": 1072,
    "ER_CANT_DROP_FIELD_OR_KEY": 1091, "ER_WRONG_DB_NAME": 1102,
    "ER_UNKNOWN_ERROR": 1105, "ER_UNKNOWN_TABLE": 1109,
    "ER_FIELD_SPECIFIED_TWICE": 1110, "ER_WRONG_VALUE_COUNT_ON_ROW": 1136,
    "ER_TABLEACCESS_DENIED_ERROR": 1142,
    "ER_COLUMNACCESS_DENIED_ERROR": 1143, "ER_NO_SUCH_TABLE": 1146,
    "ER_SYNTAX_ERROR": 1149, "ER_LOCK_WAIT_TIMEOUT": 1205,
    "ER_LOCK_DEADLOCK": 1213, "ER_CANNOT_ADD_FOREIGN": 1215,
    "ER_NO_REFERENCED_ROW": 1216, "ER_ROW_IS_REFERENCED": 1217,
    "ER_UNKNOWN_SYSTEM_VARIABLE": 1193, "ER_NOT_SUPPORTED_YET": 1235,
    "ER_WARN_DATA_OUT_OF_RANGE": 1264, "WARN_DATA_TRUNCATED": 1265,
    "ER_SP_DOES_NOT_EXIST": 1305, "ER_OPTION_PREVENTS_STATEMENT": 1290,
    "ER_NO_DEFAULT_FOR_FIELD": 1364, "ER_TRUNCATED_WRONG_VALUE": 1292,
    "ER_TRUNCATED_WRONG_VALUE_FOR_FIELD": 1366, "ER_DATA_TOO_LONG": 1406,
    "ER_ROW_IS_REFERENCED_2": 1451, "ER_NO_REFERENCED_ROW_2": 1452,
    "ER_DUP_ENTRY_WITH_KEY_NAME": 1586, "ER_CHECKREAD": 1020,
    "CR_UNKNOWN_ERROR": 2000, "CR_CONNECTION_ERROR": 2002,
    "CR_CONN_HOST_ERROR": 2003, "CR_UNKNOWN_HOST": 2005,
    "CR_SERVER_GONE_ERROR": 2006, "CR_OUT_OF_MEMORY": 2008,
    "CR_SERVER_LOST": 2013, "CR_COMMANDS_OUT_OF_SYNC": 2014,
    "CR_SERVER_LOST_EXTENDED": 2055,
}


def driver_error(failure: ServerError) -> Error:
    """Return the driver's exception for the server's error."""
    kind = _BY_NUMBER.get(failure.errno) or _BY_STATE.get(
        failure.state[:2], DatabaseError)
    return kind(failure.message, failure.errno, None, failure.state)
