"""Which server the fake drivers talk to."""

from __future__ import annotations

from typing import Any

from grader.kit.mysql.lexer import lex, significant
from grader.kit.mysql.records import Query
from grader.kit.mysql.server import Server
from grader.kit.mysql.session import Session

_servers: list[Server] = []


def server() -> Server:
    """Return the one that was chosen last; RuntimeError without any."""
    if not _servers:
        raise RuntimeError("the MySQL stand-in is not installed")
    return _servers[-1]


def choose(chosen: Server | None) -> None:
    _servers[:] = [] if chosen is None else [chosen]


def record(server: Server, session: Session, sql: str, params: Any) -> int:
    """Write a statement down; return its place in `server.queries`."""
    words = significant(lex(sql))
    kind = words[0].text.lower() if words else ""
    server.queries.append(Query(sql, params, session.database, kind,
                                session.number))
    return len(server.queries) - 1
