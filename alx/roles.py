"""Guesses what a constructor's parameters are for by their names."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Parts of names; the first role that fits is right.
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
    """Return what a parameter of this name is for, None if unknown."""
    return next((what for what, part in _ROLES
                 if re.search(part, name.lower())), None)


def roles(names: Iterable[str], wanted: Iterable[str]) -> dict[str, str]:
    """Return what each of a constructor's parameters is for.

    Unknown names are for what is wanted and has no parameter yet, the
    query before its parameters; those left over are for the database.
    """
    known = {name: role(name) for name in names}
    free = [each for each in ("query", "parameters")
            if each in wanted and each not in known.values()]
    # Of three names that do not tell the first is the path.
    spare = sum(each is None for each in known.values()) - len(free)
    left = ["database"] * max(0, spare) + free
    return {name: each or left.pop(0) for name, each in known.items()}
