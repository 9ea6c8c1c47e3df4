"""CREATE and DROP DATABASE; each commits what came before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.kit.mysql import catalogue
from grader.kit.mysql.catalogue import Result
from grader.kit.mysql.errors import error
from grader.kit.mysql.lexer import identifier
from grader.kit.mysql.reader import Reader
from grader.kit.mysql.server import SYSTEM

if TYPE_CHECKING:
    from grader.kit.mysql.session import Session

_EXISTS = "Can't create database '{}'; database exists"


def create(session: Session, reader: Reader) -> Result:
    """Run CREATE DATABASE; `reader` stands behind these words."""
    guarded = reader.take("IF", "NOT", "EXISTS")
    name = _name(reader)
    while not reader.done():
        _option(reader)
    session.finish("COMMIT")
    if name.lower() in SYSTEM:
        raise error(1044, name)
    if not session.server.exists(name):
        session.server.create(name)
        return Result(affected=1)
    if not guarded:
        raise error(1007, name)
    return Result(warnings=(("Note", 1007, _EXISTS.format(name)),))


def _name(reader: Reader) -> str:
    token = reader.token()
    name = identifier(token)
    if name is None:
        reader.place -= 1
        raise reader.wrong()
    return name


def _option(reader: Reader) -> None:
    reader.take("DEFAULT")
    if not (reader.take("CHARACTER", "SET") or reader.take("CHARSET")
            or reader.take("COLLATE")):
        raise reader.wrong()
    reader.take("=")
    reader.token()


def drop(session: Session, reader: Reader) -> Result:
    """Run DROP DATABASE; `reader` stands behind these words."""
    guarded = reader.take("IF", "EXISTS")
    name = reader.name()
    count = len(catalogue.tables(session.server, name))
    if session.server.exists(name):
        session.server.drop(name)
    elif not guarded:
        raise error(1008, name)
    return Result(affected=count)
