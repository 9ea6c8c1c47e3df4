"""The fake module tree: mysql, pymysql, MySQLdb and dotenv."""

from __future__ import annotations

import datetime
import importlib.util
import sys
import time
from functools import lru_cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.kit.mysql import (classic, classic_cursor, classic_errors,
                              classic_stream, connector, connector_cursor,
                              connector_errors, connector_kinds, current,
                              dotenv, pooling)
from grader.kit.mysql.server import Server

_ROOTS = ("mysql", "pymysql", "MySQLdb")
_FIELDS = {"DECIMAL": 0, "TINY": 1, "SHORT": 2, "LONG": 3, "FLOAT": 4,
           "DOUBLE": 5, "NULL": 6, "TIMESTAMP": 7, "LONGLONG": 8, "INT24": 9,
           "DATE": 10, "TIME": 11, "DATETIME": 12, "YEAR": 13,
           "VARCHAR": 15, "JSON": 245, "NEWDECIMAL": 246, "ENUM": 247,
           "SET": 248, "TINY_BLOB": 249, "MEDIUM_BLOB": 250,
           "LONG_BLOB": 251, "BLOB": 252, "VAR_STRING": 253, "STRING": 254}
_FLAGS = {"FOUND_ROWS": 2, "LOCAL_FILES": 128, "INTERACTIVE": 1024,
          "MULTI_STATEMENTS": 1 << 16, "MULTI_RESULTS": 1 << 17}
_DBAPI = {"apilevel": "2.0", "threadsafety": 1, "paramstyle": "pyformat",
          "Date": datetime.date, "Time": datetime.time,
          "Timestamp": datetime.datetime, "Binary": bytes,
          "DateFromTicks": datetime.date.fromtimestamp,
          "TimestampFromTicks": datetime.datetime.fromtimestamp,
          "TimeFromTicks": lambda t: datetime.time(*time.localtime(t)[3:6])}
_TYPES = {"STRING": {253, 254, 15}, "BINARY": {249, 250, 251, 252},
          "NUMBER": {0, 1, 2, 3, 4, 5, 8, 9, 13, 246},
          "DATETIME": {7, 12}, "ROWID": set[int]()}


def _public(*modules: ModuleType) -> dict[str, Any]:
    """Return the classes that modules of ours define."""
    return {name: item for module in modules
            for name, item in vars(module).items()
            if isinstance(item, type) and item.__module__ == module.__name__
            and not name.startswith("_")}


def _connector() -> dict[str, dict[str, Any]]:
    errors = _public(connector_errors)
    cursors = _public(connector_cursor, connector_kinds)
    fast = {"C" + name: kind for name, kind in cursors.items()}
    link = connector.MySQLConnection
    pools = {"MySQLConnectionPool": pooling.MySQLConnectionPool,
             "PooledMySQLConnection": pooling.PooledMySQLConnection,
             "connect": pooling.connect}
    constants = {name: type(name, (), dict(values)) for name, values in {
        "FieldType": _FIELDS, "ClientFlag": _FLAGS,
        "FieldFlag": {"NOT_NULL": 1}, "CharacterSet": {},
        "RefreshOption": {}}.items()}
    top = {**errors, **constants, **_DBAPI, **_TYPES,
           "connect": pooling.connect, "Connect": pooling.connect,
           "MySQLConnection": link, "CMySQLConnection": link,
           "HAVE_CEXT": True, "__version__": "9.1.0",
           "__version_info__": (9, 1, 0, "", 0)}
    abstract = {"MySQLConnectionAbstract": link,
                "MySQLCursorAbstract": connector_cursor.MySQLCursor}
    return {
        "mysql": {}, "mysql.connector": top,
        "mysql.connector.errors": errors,
        "mysql.connector.errorcode": dict(connector_errors.CODES),
        "mysql.connector.connection": {"MySQLConnection": link},
        "mysql.connector.connection_cext": {"CMySQLConnection": link},
        "mysql.connector.cursor": cursors,
        "mysql.connector.cursor_cext": fast,
        "mysql.connector.abstracts": abstract,
        "mysql.connector.pooling": pools,
        "mysql.connector.constants": constants,
        "mysql.connector.version": {"VERSION": (9, 1, 0, "", 0),
                                    "VERSION_TEXT": "9.1.0"},
    }


def _pymysql(root: str) -> dict[str, dict[str, Any]]:
    errors = _public(classic_errors)
    cursors = _public(classic_cursor, classic_stream)
    plain = root == "pymysql"
    connect = classic.connect if plain else classic.connect_mysqldb
    link = classic.Connection if plain else classic.MySQLdbConnection
    top = {**errors, **_DBAPI, **_TYPES, "connect": connect,
           "Connect": connect, "Connection": link, "paramstyle": "pyformat"
           if plain else "format", "NULL": "NULL", "__version__": "1.1.1"
           if plain else "2.2.4", "version_info": (1, 4, 6, "final", 1)}
    codes = connector_errors.CODES
    constants = {"CLIENT": _FLAGS, "FIELD_TYPE": _FIELDS,
                 "ER": {name.removeprefix("ER_"): codes[name]
                        for name in codes if name.startswith("ER_")},
                 "CR": {name: codes[name]
                        for name in codes if name.startswith("CR_")}}
    tree = {root: top, f"{root}.cursors": cursors,
            f"{root}.err" if plain else f"{root}._exceptions": errors,
            f"{root}.connections": {"Connection": link, **errors},
            f"{root}.constants": {}, f"{root}.converters": {}}
    for name, values in constants.items():
        tree[f"{root}.constants.{name}"] = dict(values)
    if plain:
        top["install_as_MySQLdb"] = _install_as_mysqldb
    return tree


def _install_as_mysqldb() -> None:
    for name in [n for n in sys.modules if n.split(".")[0] == "pymysql"]:
        sys.modules[name.replace("pymysql", "MySQLdb", 1)] = \
            sys.modules[name]


@lru_cache(maxsize=1)
def _tree() -> dict[str, ModuleType]:
    contents = {**_connector(), **_pymysql("pymysql"), **_pymysql("MySQLdb")}
    _rename(contents)
    made: dict[str, ModuleType] = {}
    for name, values in contents.items():
        module = ModuleType(name)
        module.__spec__ = ModuleSpec(name, None)
        module.__path__ = []
        vars(module).update(values)
        made[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(made[parent], child, module)
    return made


def _rename(contents: dict[str, dict[str, Any]]) -> None:
    """Have classes say that they come from where learners find them."""
    # The shortest name comes last and stays: it is what learners import.
    for name in sorted(contents, key=lambda name: -name.count(".")):
        for item in contents[name].values():
            if isinstance(item, type) and item.__module__.startswith(
                    __package__):
                item.__module__ = name


def _dotenv() -> dict[str, ModuleType]:
    if "dotenv" in sys.modules or importlib.util.find_spec("dotenv"):
        return {}
    module = ModuleType("dotenv")
    module.__spec__ = ModuleSpec("dotenv", None)
    module.__path__ = []
    names = ("load_dotenv", "dotenv_values", "find_dotenv", "get_key")
    vars(module).update({name: getattr(dotenv, name) for name in names})
    inner = ModuleType("dotenv.main")
    vars(inner).update(vars(module))
    return {"dotenv": module, "dotenv.main": inner}


_hidden: dict[str, ModuleType] = {}
_placed: set[str] = set()


def _ours(name: str) -> bool:
    return name.split(".")[0] in _ROOTS or name in _placed


def install(directory: Path) -> Server:
    """Put the fake drivers in place; their data lives in `directory`.

    Real drivers that were imported are hidden until `uninstall`.
    """
    uninstall()
    server = Server(directory)
    current.choose(server)
    pooling.forget_pools()
    for name in [n for n in sys.modules if _ours(n)]:
        _hidden[name] = sys.modules.pop(name)
    placed = {**_tree(), **_dotenv()}
    sys.modules.update(placed)
    _placed.update(placed)
    return server


def uninstall() -> None:
    """Take the fake drivers away and put the real ones back."""
    for name in [n for n in sys.modules if _placed and _ours(n)]:
        del sys.modules[name]
    _placed.clear()
    sys.modules.update(_hidden)
    _hidden.clear()
    current.choose(None)
