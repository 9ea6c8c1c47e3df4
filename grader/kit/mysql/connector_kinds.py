"""The kinds of cursor that mysql.connector offers beside the default."""

from __future__ import annotations

from grader.kit.mysql.connector_cursor import MySQLCursor


class MySQLCursorBuffered(MySQLCursor):
    """Stores all rows in the client when it executes."""

    _buffered = True


class MySQLCursorRaw(MySQLCursor):
    """Gives bytes instead of Python's types."""

    _raw = True


class MySQLCursorBufferedRaw(MySQLCursorBuffered):
    """Buffered, and gives bytes."""

    _raw = True


class MySQLCursorDict(MySQLCursor):
    """Gives dictionaries."""

    _dictionary = True


class MySQLCursorBufferedDict(MySQLCursorDict, MySQLCursorBuffered):
    """Buffered, and gives dictionaries."""


class MySQLCursorNamedTuple(MySQLCursor):
    """Gives named tuples."""

    _named = True


class MySQLCursorBufferedNamedTuple(MySQLCursorNamedTuple,
                                    MySQLCursorBuffered):
    """Buffered, and gives named tuples."""


class MySQLCursorPrepared(MySQLCursor):
    """Marks values with ? or %s."""

    _prepared = True


class MySQLCursorPreparedDict(MySQLCursorPrepared, MySQLCursorDict):
    """Prepared, and gives dictionaries."""


KINDS: dict[frozenset[str], type[MySQLCursor]] = {
    frozenset(words.split()): kind for words, kind in (
        ("", MySQLCursor), ("buffered", MySQLCursorBuffered),
        ("raw", MySQLCursorRaw), ("buffered raw", MySQLCursorBufferedRaw),
        ("dictionary", MySQLCursorDict),
        ("buffered dictionary", MySQLCursorBufferedDict),
        ("named_tuple", MySQLCursorNamedTuple),
        ("buffered named_tuple", MySQLCursorBufferedNamedTuple),
        ("prepared", MySQLCursorPrepared),
        ("prepared dictionary", MySQLCursorPreparedDict))}
