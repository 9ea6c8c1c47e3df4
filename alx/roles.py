"""Guesses by their names what a constructor's parameters are for.

Learners' context managers take a path, a query, its parameters, in any order
and under any names. A role is what a parameter is for: "query", "parameters",
"database" (its path or name), "connection", "config", "host", "port", "user"
or "password".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Roles, and the names that have them. The first that fits counts: db_config is
# a config, and query_params are parameters.
_ROLES = (
    ("config", r"config|setting|credential|option"
               r"|^(?:db|database|conn\w*)_(?:param|arg)"),
    ("parameters", r"param|arg(?:s|ument|uments)?(?:_|$)|value"
                   r"|(?:^|_)age(?:_|$)|bind|condition|threshold|filter"),
    ("query", r"query|sql|statement"),
    ("database", r"string|conn_?str|dsn|uri|url"),
    ("connection", r"conn"),
    ("host", r"host"),
    ("port", r"(?:^|_)port(?:_|$)"),
    ("user", r"(?:^|_)user(?:_?name)?$|login"),
    ("password", r"pass|pwd"),
    ("database", r"database|db|path|file|name|storage"),
)


def role(name: str) -> str | None:
    """Return the role of a parameter of this name, None if unknown."""
    return next((what for what, part in _ROLES
                 if re.search(part, name.lower())), None)


def roles(names: Iterable[str], wanted: Iterable[str]) -> dict[str, str]:
    """Return the roles of all parameters of a constructor, by their names.

    Names without a known role get those of "query" and "parameters" that are
    `wanted` and that no other name has, in this order. If there are more such
    names, the first ones are the database.
    """
    known = {name: role(name) for name in names}
    free = [each for each in ("query", "parameters")
            if each in wanted and each not in known.values()]
    # In __init__(self, a, b, c) the path comes before query and parameters.
    spare = sum(each is None for each in known.values()) - len(free)
    left = ["database"] * max(0, spare) + free
    return {name: each or left.pop(0) for name, each in known.items()}
