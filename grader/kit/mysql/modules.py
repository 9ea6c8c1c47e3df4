"""Puts fake modules in place: mysql, pymysql, MySQLdb, and maybe dotenv."""

from __future__ import annotations

import datetime
import importlib.util
import sys
import time
from collections.abc import Callable
from functools import lru_cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

from grader.kit.mysql import (connector, connector_errors, dbapi, dotenv,
                              pymysql, pymysql_errors)
from grader.kit.mysql.server import Server

_ROOTS = ("mysql", "pymysql", "MySQLdb")
# The drivers' FIELD_TYPE and CLIENT: MySQL's codes of types, and flags.
_FIELDS = {"DECIMAL": 0, "TINY": 1, "SHORT": 2, "LONG": 3, "FLOAT": 4,
           "DOUBLE": 5, "NULL": 6, "TIMESTAMP": 7, "LONGLONG": 8, "INT24": 9,
           "DATE": 10, "TIME": 11, "DATETIME": 12, "YEAR": 13,
           "VARCHAR": 15, "JSON": 245, "NEWDECIMAL": 246, "ENUM": 247,
           "SET": 248, "TINY_BLOB": 249, "MEDIUM_BLOB": 250,
           "LONG_BLOB": 251, "BLOB": 252, "VAR_STRING": 253, "STRING": 254}
_FLAGS = {"FOUND_ROWS": 2, "LOCAL_FILES": 128, "INTERACTIVE": 1024,
          "MULTI_STATEMENTS": 1 << 16, "MULTI_RESULTS": 1 << 17}
# What PEP 249 wants in every driver.
_DBAPI = {"apilevel": "2.0", "threadsafety": 1, "paramstyle": "pyformat",
          "Date": datetime.date, "Time": datetime.time,
          "Timestamp": datetime.datetime, "Binary": bytes,
          "DateFromTicks": datetime.date.fromtimestamp,
          "TimestampFromTicks": datetime.datetime.fromtimestamp,
          "TimeFromTicks": lambda t: datetime.time(*time.localtime(t)[3:6]),
          "STRING": {253, 254, 15}, "BINARY": {249, 250, 251, 252},
          "NUMBER": {0, 1, 2, 3, 4, 5, 8, 9, 13, 246},
          "DATETIME": {7, 12}, "ROWID": set[int]()}

# The contents of modules, by their full names.
Tree = dict[str, dict[str, Any]]


def _classes(module: ModuleType, base: type) -> dict[str, type]:
    """Return the subclasses of `base` defined in a module, by name."""
    return {name: item for name, item in vars(module).items()
            if isinstance(item, type) and issubclass(item, base)
            and item.__module__ == module.__name__}


def _connector() -> Tree:
    errors = _classes(connector_errors, Exception)
    cursors = {kind.__name__: kind for kind in connector.KINDS.values()}
    # The cursors in C behave alike, under other names.
    fast = {"C" + name: kind for name, kind in cursors.items()}
    link = connector.MySQLConnection
    pools = {"MySQLConnectionPool": connector.MySQLConnectionPool,
             "PooledMySQLConnection": connector.PooledMySQLConnection,
             "connect": connector.connect}
    constants = {name: type(name, (), dict(values)) for name, values in {
        "FieldType": _FIELDS, "ClientFlag": _FLAGS,
        "FieldFlag": {"NOT_NULL": 1}, "CharacterSet": {},
        "RefreshOption": {}}.items()}
    top = {**errors, **constants, **_DBAPI,
           "connect": connector.connect, "Connect": connector.connect,
           "MySQLConnection": link, "CMySQLConnection": link,
           "HAVE_CEXT": True, "__version__": "9.1.0",
           "__version_info__": (9, 1, 0, "", 0)}
    abstract = {"MySQLConnectionAbstract": link,
                "MySQLCursorAbstract": connector.MySQLCursor}
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


def _pymysql(root: str) -> Tree:
    errors = _classes(pymysql_errors, Exception)
    cursors = _classes(pymysql, pymysql.Cursor)
    plain = root == "pymysql"
    connect = pymysql.connect if plain else pymysql.connect_mysqldb
    link = pymysql.Connection if plain else pymysql.MySQLdbConnection
    top = {**errors, **_DBAPI, "connect": connect,
           "Connect": connect, "Connection": link, "paramstyle": "pyformat"
           if plain else "format", "NULL": "NULL", "__version__": "1.1.1"
           if plain else "2.2.4", "version_info": (1, 4, 6, "final", 1)}
    codes = connector_errors.CODES
    constants = {"CLIENT": _FLAGS, "FIELD_TYPE": _FIELDS,
                 "ER": {name.removeprefix("ER_"): codes[name]
                        for name in codes if name.startswith("ER_")},
                 "CR": {name: codes[name]
                        for name in codes if name.startswith("CR_")}}
    tree: Tree = {
            root: top, f"{root}.cursors": cursors,
            f"{root}.err" if plain else f"{root}._exceptions": errors,
            f"{root}.connections": {"Connection": link, **errors},
            f"{root}.constants": {}, f"{root}.converters": {}}
    for name, values in constants.items():
        tree[f"{root}.constants.{name}"] = dict(values)
    if plain:
        top["install_as_MySQLdb"] = _install_as_mysqldb
    return tree


def _install_as_mysqldb() -> None:
    """Have `import MySQLdb` find PyMySQL, as its own function does."""
    for name in [n for n in sys.modules if n.split(".")[0] == "pymysql"]:
        sys.modules[name.replace("pymysql", "MySQLdb", 1)] = \
            sys.modules[name]


@lru_cache(maxsize=1)
def _modules() -> dict[str, ModuleType]:
    """Return the modules of all the drivers, built once."""
    tree = {**_connector(), **_pymysql("pymysql"), **_pymysql("MySQLdb")}
    _rename(tree)
    made: dict[str, ModuleType] = {}
    for name, values in tree.items():
        made[name] = _module(name, values)
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(made[parent], child, made[name])
    return made


def _module(name: str, values: dict[str, Any]) -> ModuleType:
    """Return a module that can be imported once it is in sys.modules."""
    module = ModuleType(name)
    module.__spec__ = ModuleSpec(name, None)
    # A module without a __path__ is no package: `import name.child` fails.
    module.__path__ = []
    vars(module).update(values)
    return module


def _rename(tree: Tree) -> None:
    """Set the __module__ of classes to the name that learners import.

    A traceback then names mysql.connector and not a module of the grader.
    """
    # A class may be in several modules. The shortest name comes last, so it
    # stays.
    for name in sorted(tree, key=lambda name: -name.count(".")):
        for item in tree[name].values():
            if isinstance(item, type) and item.__module__.startswith(
                    __package__):
                item.__module__ = name


def _dotenv() -> dict[str, ModuleType]:
    """Return the stand-in for python-dotenv, unless that is installed."""
    if "dotenv" in sys.modules or importlib.util.find_spec("dotenv"):
        return {}
    names = ("load_dotenv", "dotenv_values", "find_dotenv", "get_key")
    values = {name: getattr(dotenv, name) for name in names}
    return {name: _module(name, values)
            for name in ("dotenv", "dotenv.main")}


# Real modules taken out of sys.modules; the names of the fake ones there.
_hidden: dict[str, ModuleType] = {}
_placed: set[str] = set()


def _is_ours(name: str) -> bool:
    return name.split(".")[0] in _ROOTS or name in _placed


def install(directory: Path, default: str | None = None,
            provide: Callable[[str], None] | None = None) -> Server:
    """Put the fake drivers in place; their data lives in `directory`.

    Real drivers that were imported are hidden until `uninstall`. `default`
    and `provide` are arguments of the Server, which is returned.
    """
    uninstall()
    server = Server(directory, default, provide)
    dbapi.serve(server)
    connector.forget_pools()
    for name in [n for n in sys.modules if _is_ours(n)]:
        _hidden[name] = sys.modules.pop(name)
    placed = {**_modules(), **_dotenv()}
    sys.modules.update(placed)
    _placed.update(placed)
    return server


def uninstall() -> None:
    """Take the fake drivers away and put the real ones back."""
    for name in [n for n in sys.modules if _placed and _is_ours(n)]:
        del sys.modules[name]
    _placed.clear()
    sys.modules.update(_hidden)
    _hidden.clear()
    dbapi.serve(None)
