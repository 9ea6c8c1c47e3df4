"""Column descriptions: the type codes of MySQL's protocol."""

from __future__ import annotations

from typing import Any

from grader.kit.mysql.catalogue import Result
from grader.kit.mysql.schema import BLOBS, TEXTS, Column

_CODES = {"decimal": 246, "tinyint": 1, "bool": 1, "smallint": 2,
          "mediumint": 9, "int": 3, "bigint": 8, "year": 13, "float": 4,
          "double": 5, "date": 10, "datetime": 12, "timestamp": 7,
          "time": 11, "char": 254, "enum": 254, "set": 254, "binary": 254,
          "uuid": 254, "varchar": 253, "varbinary": 253}


def _code(column: Column | None, name: str) -> int:
    if column is None:
        word = name.upper()
        return 8 if word.startswith("COUNT") else 253
    if column.base in BLOBS or column.base in TEXTS:
        return 252
    return _CODES[column.base]


def described(result: Result, connector: bool = False
              ) -> list[tuple[Any, ...]]:
    """Describe the columns the way mysql.connector or PyMySQL does."""
    found: list[tuple[Any, ...]] = []
    for name in result.columns or ():
        column = next((c for t in result.tables
                       if (c := t.column(name)) is not None), None)
        nullable = int(column is None or column.nullable)
        if connector:
            found.append((name, _code(column, name), None, None, None, None,
                          nullable, 0 if nullable else 1, 45))
        else:
            found.append((name, _code(column, name), None, None, None, None,
                          bool(nullable)))
    return found
