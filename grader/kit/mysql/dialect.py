"""Translates MySQL's SQL into SQLite's, token by token.

SQLite parses the outcome, so only what the two spell differently is
changed; what only SQLite understands is refused as MySQL would refuse it.
"""

from __future__ import annotations

from typing import NamedTuple

from grader.kit.mysql.lexer import (Token, Tokens, identifier, joined,
                                    literal, name, value)
from grader.kit.mysql.server_error import error, syntax

# LENGTH is in bytes and CHAR_LENGTH in characters, as LENGTH of SQLite is;
# names in lower case are functions of ours.
_RENAMED = {"IF": "IIF", "CHAR_LENGTH": "LENGTH", "LENGTH": "octets",
            "CHARACTER_LENGTH": "LENGTH", "MID": "SUBSTR", "POW": "power",
            "SUBSTRING": "SUBSTR", "LCASE": "LOWER", "UCASE": "UPPER",
            "CURRENT_DATE": "curdate", "CURRENT_TIMESTAMP": "now",
            "DATABASE": "current_schema", "SCHEMA": "current_schema"}
# SQLite divides whole numbers without a remainder, MySQL does not.
_OPERATORS = {"&&": " AND ", "||": " OR ", "<=>": " IS ", "/": " * 1.0 / "}
_CASTS = {"SIGNED": "INTEGER", "UNSIGNED": "INTEGER", "CHAR": "TEXT",
          "DATETIME": "TEXT", "DATE": "TEXT"}
# Words that change nothing of the result.
DROPPED = {"LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "SQL_NO_CACHE",
           "SQL_CALC_FOUND_ROWS", "BINARY", "SQL_BUFFER_RESULT"}
# What SQLite accepts and MySQL does not.
_FOREIGN = {"GLOB", "AUTOINCREMENT", "ROWID", "_ROWID_", "ISNULL", "NOTNULL",
            "CONFLICT", "PRAGMA", "WITHOUT", ":="}
_FOREIGN_CALLS = {"DATETIME", "STRFTIME", "JULIANDAY", "IIF", "TOTAL",
                  "TYPEOF", "CHANGES", "LAST_INSERT_ROWID", "PRINTF",
                  "RANDOM", "RANDOMBLOB", "SQLITE_VERSION", "UNIXEPOCH"}
_BEFORE_TABLE = {"FROM", "JOIN", "INTO", "UPDATE", "TABLE"}


class Target(NamedTuple):
    """A table that a statement names; `schema` as written, or None."""

    schema: str | None
    table: str


class Writer:
    """Translates one statement; a mark (%s) becomes a question mark.

    Afterwards `targets` are the tables that it names, `numbers` the places
    of the marks whose values must be whole numbers, `marks` how many there
    are. Marks without values (`bound` is False) are a syntax error.
    """

    def __init__(self, tokens: Tokens, bound: bool) -> None:
        self.tokens = tokens
        self.real = [n for n, t in enumerate(tokens) if t.kind != "space"]
        self.bound = bound
        self.targets: list[Target] = []
        self.numbers: list[int] = []
        self.marks = 0

    def write(self) -> str:
        """Return the statement for SQLite."""
        out: list[str] = []
        place = 0
        while place < len(self.tokens):
            text, place = self._piece(place)
            out.append(text)
        return "".join(out)

    def _look(self, place: int, step: int) -> Token:
        place += step
        while 0 <= place < len(self.tokens):
            if self.tokens[place].kind != "space":
                return self.tokens[place]
            place += step
        return Token("end", "", "")

    def _piece(self, place: int) -> tuple[str, int]:
        """Return what is written at a place, and the place after it."""
        token = self.tokens[place]
        before = self._look(place, -1)
        if before.upper in _BEFORE_TABLE and token.kind != "space":
            if token.kind in ("name", "quoted"):
                return self._target(place)
            if token.text != "(":
                raise syntax(joined(self.tokens[place:]),
                             joined(self.tokens))
        if token.kind in ("name", "quoted") and self._is_schema(place):
            return "", place + 2
        if token.kind == "name":
            return self._word(place, token), place + 1
        if token.kind == "string":
            return literal(value(token)), place + 1
        if token.kind == "mark":
            return self._mark(place, before), place + 1
        if token.kind == "space":
            # SQLite knows no comments with #.
            return (" " if token.text.strip() else token.text), place + 1
        # SQLite takes LIMIT -1 for no limit.
        if before.upper in ("LIMIT", "OFFSET") and token.text == "-":
            raise syntax(joined(self.tokens[place:]), joined(self.tokens))
        return _OPERATORS.get(token.text, token.text), place + 1

    def _is_schema(self, place: int) -> bool:
        """Return whether a name is the schema in schema.table.column."""
        texts = [token.text for token in self.tokens[place:place + 4]]
        return len(texts) == 4 and texts[1] == texts[3] == "."

    def _target(self, place: int) -> tuple[str, int]:
        first = identifier(self.tokens[place]) or ""
        if first.upper() == "DUAL":
            return "(SELECT 1)", place + 1
        if first.upper() in ("IGNORE", "SET", "SELECT", "VALUES"):
            return self.tokens[place].text, place + 1
        dot = self._look(place, 1)
        if dot.text != ".":
            self.targets.append(Target(None, first))
            return name(first), place + 1
        while self.tokens[place].text != ".":
            place += 1
        place += 1
        while self.tokens[place].kind == "space":
            place += 1
        second = identifier(self.tokens[place])
        if second is None:
            raise syntax(self.tokens[place].text, joined(self.tokens))
        self.targets.append(Target(first, second))
        return name(second), place + 1

    def _word(self, place: int, token: Token) -> str:
        following = self._look(place, 1).text
        before = self._look(place, -1)
        if token.upper in _FOREIGN and before.text != ".":
            raise syntax(joined(self.tokens[place:]), joined(self.tokens))
        if following == "(" and token.upper in _FOREIGN_CALLS:
            raise error(1305, token.text)
        if following == "(":
            return _RENAMED.get(token.upper, token.text)
        if token.upper in DROPPED:
            return ""
        if token.upper in ("RLIKE", "DIV", "MOD"):
            return {"RLIKE": "REGEXP", "DIV": "/", "MOD": "%"}[token.upper]
        if before.upper == "AS" and token.upper in _CASTS:
            return _CASTS[token.upper]
        if token.text.startswith("@@"):
            return _variable(token.text)
        return token.text

    def _mark(self, place: int, before: Token) -> str:
        if not self.bound:
            raise syntax(joined(self.tokens[place:]), joined(self.tokens))
        earlier = [self.tokens[n].upper for n in self.real
                   if n < place][-3:]
        if before.upper in ("LIMIT", "OFFSET") or (
                before.text == "," and earlier[:1] == ["LIMIT"]):
            self.numbers.append(self.marks)
        self.marks += 1
        return "?"


def _variable(text: str) -> str:
    """Return the value of @@name or @@session.name as an expression."""
    known = {"version": "version()", "autocommit": "0",
             "sql_mode": "'STRICT_TRANS_TABLES'", "hostname": "'local'",
             "character_set_database": "'utf8mb4'"}
    bare = text.lstrip("@").rpartition(".")[2]
    if bare.lower() not in known:
        raise error(1193, bare)
    return known[bare.lower()]


def expression(tokens: Tokens) -> str:
    """Translate an expression without marks."""
    return Writer(tokens, bound=False).write().strip()
