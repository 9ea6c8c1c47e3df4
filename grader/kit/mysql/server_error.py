"""What the stand-in server refuses, with MySQL's numbers and states."""

from __future__ import annotations


class ServerError(Exception):
    """An error packet: number, SQL state and text.

    Each driver turns it into an exception of its own.
    """

    def __init__(self, errno: int, state: str, message: str) -> None:
        super().__init__(errno, message)
        self.errno = errno
        self.state = state
        self.message = message


# Messages follow MariaDB 10.11, the server that verdicts are compared with.
_MESSAGES = {
    1007: ("HY000", "Can't create database '{}'; database exists"),
    1008: ("HY000", "Can't drop database '{}'; database doesn't exist"),
    1044: ("42000", "Access denied for user ''@'localhost' to database '{}'"),
    1046: ("3D000", "No database selected"),
    1048: ("23000", "Column '{}' cannot be null"),
    1049: ("42000", "Unknown database '{}'"),
    1050: ("42S01", "Table '{}' already exists"),
    1051: ("42S02", "Unknown table '{}'"),
    1052: ("23000", "Column '{}' in field list is ambiguous"),
    1054: ("42S22", "Unknown column '{}' in '{}'"),
    1060: ("42S21", "Duplicate column name '{}'"),
    1061: ("42000", "Duplicate key name '{}'"),
    1062: ("23000", "Duplicate entry '{}' for key '{}'"),
    1063: ("42000", "Incorrect column specifier for column '{}'"),
    1064: ("42000", "You have an error in your SQL syntax; check the manual "
                    "that corresponds to your MySQL server version for the "
                    "right syntax to use near '{}' at line {}"),
    1065: ("42000", "Query was empty"),
    1068: ("42000", "Multiple primary key defined"),
    1072: ("42000", "Key column '{}' doesn't exist in table"),
    1075: ("42000", "Incorrect table definition; there can be only one auto "
                    "column and it must be defined as a key"),
    1091: ("42000", "Can't DROP {}; check that it exists"),
    1109: ("42S02", "Unknown table '{}' in {}"),
    1136: ("21S01", "Column count doesn't match value count at row {}"),
    1146: ("42S02", "Table '{}' doesn't exist"),
    1170: ("42000", "BLOB/TEXT column '{}' used in key specification without "
                    "a key length"),
    1193: ("HY000", "Unknown system variable '{}'"),
    1205: ("HY000", "Lock wait timeout exceeded; try restarting transaction"),
    1235: ("42000", "This version of MySQL doesn't yet support '{}'"),
    1264: ("22003", "Out of range value for column '{}' at row {}"),
    1265: ("01000", "Data truncated for column '{}' at row {}"),
    1305: ("42000", "FUNCTION {} does not exist"),
    1364: ("HY000", "Field '{}' doesn't have a default value"),
    1366: ("22007", "Incorrect {} value: '{}' for column {} at row {}"),
    1406: ("22001", "Data too long for column '{}' at row {}"),
    1451: ("23000", "Cannot delete or update a parent row: a foreign key "
                    "constraint fails"),
    1452: ("23000", "Cannot add or update a child row: a foreign key "
                    "constraint fails"),
    2013: ("HY000", "Lost connection to MySQL server during query"),
    2068: ("HY000", "LOAD DATA LOCAL INFILE file request rejected due to "
                    "restrictions on access."),
    4166: ("42000", "The used command is not allowed because the server or "
                    "client has disabled the local infile capability"),
    4025: ("23000", "CONSTRAINT `{}` failed"),
}


def error(errno: int, *parts: object) -> ServerError:
    """Build the error of a number from the parts its message names."""
    state, message = _MESSAGES[errno]
    return ServerError(errno, state, message.format(*parts))


def syntax(near: str, text: str = "") -> ServerError:
    """Build error 1064, with the line of `text` on which `near` begins."""
    return error(1064, near[:80], line_of(near, text))


def line_of(near: str, text: str) -> int:
    """Return the line of `text` on which `near` begins, 1 without any."""
    place = text.find(near) if near else -1
    return text.count("\n", 0, place) + 1 if place >= 0 else 1
