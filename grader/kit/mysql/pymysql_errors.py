"""The exceptions of PyMySQL and MySQLdb, and which number raises which."""

from __future__ import annotations

import builtins

from grader.kit.mysql.server_error import ServerError


class MySQLError(Exception):
    """Base of the errors and of Warning."""


class Warning(builtins.Warning, MySQLError):
    """Important warnings."""


class Error(MySQLError):
    """Base of the errors; args are number and message."""

    sqlstate: str | None = None


class InterfaceError(Error):
    """The driver was used in a way that cannot work."""


class DatabaseError(Error):
    """The server refused something."""


class DataError(DatabaseError):
    """A value does not fit."""


class OperationalError(DatabaseError):
    """The server or the way to it fails."""


class IntegrityError(DatabaseError):
    """A key or constraint is violated."""


class InternalError(DatabaseError):
    """The connection is not in the state it should be in."""


class ProgrammingError(DatabaseError):
    """The statement is wrong."""


class NotSupportedError(DatabaseError):
    """The server cannot do that."""


_KINDS: dict[type[Error], set[int]] = {
    ProgrammingError: {1007, 1064, 1102, 1103, 1110, 1111, 1112, 1113, 1146,
                       1149, 1166, 1179},
    DataError: {1171, 1230, 1263, 1264, 1265, 1292, 1366, 1367, 1406, 1441},
    IntegrityError: {1048, 1062, 1215, 1216, 1217, 1451, 1452},
    NotSupportedError: {1196, 1235, 1286, 1289},
}


def driver_error(failure: ServerError) -> Error:
    """Return the driver's exception for the server's error."""
    default = OperationalError if failure.errno >= 1000 else InternalError
    kind = next((kind for kind, numbers in _KINDS.items()
                 if failure.errno in numbers), default)
    found = kind(failure.errno, failure.message)
    found.sqlstate = failure.state
    return found
