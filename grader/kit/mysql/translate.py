"""Turns MySQL's queries into SQLite's, token by token.

SQLite parses what comes out, so only what the two spell differently is
touched; what only SQLite understands is refused as MySQL would refuse it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from grader.kit.mysql.errors import error, syntax
from grader.kit.mysql.lexer import (Token, Tokens, identifier, joined,
                                    literal, name, significant, split, value)

_RENAMED = {"IF": "IIF", "CHAR_LENGTH": "LENGTH", "LENGTH": "octets",
            "CHARACTER_LENGTH": "LENGTH", "MID": "SUBSTR", "POW": "power",
            "SUBSTRING": "SUBSTR", "LCASE": "LOWER", "UCASE": "UPPER",
            "CURRENT_DATE": "curdate", "CURRENT_TIMESTAMP": "now",
            "DATABASE": "current_schema", "SCHEMA": "current_schema"}
_OPERATORS = {"&&": " AND ", "||": " OR ", "<=>": " IS ", "/": " * 1.0 / "}
_CASTS = {"SIGNED": "INTEGER", "UNSIGNED": "INTEGER", "CHAR": "TEXT",
          "DATETIME": "TEXT", "DATE": "TEXT"}
_DROPPED = {"LOW_PRIORITY", "HIGH_PRIORITY", "DELAYED", "SQL_NO_CACHE",
            "SQL_CALC_FOUND_ROWS", "BINARY", "SQL_BUFFER_RESULT"}
# What SQLite takes and MySQL does not.
_FOREIGN = {"GLOB", "AUTOINCREMENT", "ROWID", "_ROWID_", "ISNULL", "NOTNULL",
            "CONFLICT", "PRAGMA", "WITHOUT", ":="}
_FOREIGN_CALLS = {"DATETIME", "STRFTIME", "JULIANDAY", "IIF", "TOTAL",
                  "TYPEOF", "CHANGES", "LAST_INSERT_ROWID", "PRINTF",
                  "RANDOM", "RANDOMBLOB", "SQLITE_VERSION", "UNIXEPOCH"}
_VALUES = {"NULL", "TRUE", "FALSE", "END"}
_BEFORE_TABLE = {"FROM", "JOIN", "INTO", "UPDATE", "TABLE"}


class Target(NamedTuple):
    """A table that a statement names; `schema` as written, or None."""

    schema: str | None
    table: str


class Query(NamedTuple):
    """A statement for SQLite with what the session must know of it.

    `numbers` holds the places of the values that must be whole numbers,
    `exact` the result columns that MySQL computes in decimals, with the
    column each is made of.
    """

    kind: str
    text: str
    sql: str
    targets: tuple[Target, ...]
    numbers: tuple[int, ...] = ()
    exact: tuple[tuple[int, str, str], ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[Tokens, ...] = ()
    upsert: bool = False
    ignore: bool = False


class _Writer:
    """Writes one statement; a mark (%s) becomes a question mark."""

    def __init__(self, tokens: Tokens, bound: bool) -> None:
        self.tokens = tokens
        self.real = [n for n, t in enumerate(tokens) if t.kind != "space"]
        self.bound = bound
        self.targets: list[Target] = []
        self.numbers: list[int] = []
        self.marks = 0

    def write(self) -> str:
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
            return (" " if token.text.strip() else token.text), place + 1
        if before.upper in ("LIMIT", "OFFSET") and token.text == "-":
            raise syntax(joined(self.tokens[place:]), joined(self.tokens))
        return _OPERATORS.get(token.text, token.text), place + 1

    def _is_schema(self, place: int) -> bool:
        """Tell whether a name is the first of schema.table.column."""
        texts = [token.text for token in self.tokens[place:place + 4]]
        return len(texts) == 4 and texts[1] == texts[3] == "."

    def _target(self, place: int) -> tuple[str, int]:
        first = identifier(self.tokens[place]) or ""
        if first.upper() in ("IGNORE", "DUAL", "SET", "SELECT", "VALUES"):
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
        if token.upper in _DROPPED:
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
    known = {"@@version": "version()", "@@autocommit": "0",
             "@@sql_mode": "'STRICT_TRANS_TABLES'", "@@hostname": "'local'",
             "@@character_set_database": "'utf8mb4'"}
    bare = text.lower().replace("@@session.", "@@").replace("@@global.",
                                                            "@@")
    if bare not in known:
        raise error(1193, text.lstrip("@"))
    return known[bare]


def expression(tokens: Tokens) -> str:
    """Translate an expression that holds no marks."""
    return _Writer(tokens, bound=False).write().strip()


@lru_cache(maxsize=512)
def query(tokens: Tokens, bound: bool) -> Query:
    """Translate a SELECT, INSERT, REPLACE, UPDATE or DELETE."""
    kind = significant(tokens)[0].upper.lower().strip("(") or "select"
    if kind in ("insert", "replace"):
        return _insert(kind, tokens, bound)
    exact: tuple[tuple[int, str, str], ...] = ()
    body = _without_lock(tokens)
    if kind == "select":
        exact = _exact(body)
        body = _named(body)
    writer = _Writer(body, bound)
    sql = writer.write()
    return Query(kind, joined(tokens), sql, tuple(writer.targets),
                 tuple(writer.numbers), exact)


def _without_lock(tokens: Tokens) -> Tokens:
    words = [(n, t.upper) for n, t in enumerate(tokens)
             if t.kind != "space"]
    tails = (["FOR", "UPDATE"], ["LOCK", "IN", "SHARE", "MODE"])
    for tail in tails:
        if [word for _, word in words[-len(tail):]] == tail:
            return tokens[:words[-len(tail)][0]]
    return tokens


def _exact(tokens: Tokens) -> tuple[tuple[int, str, str], ...]:
    found = []
    columns = split(split(significant(tokens)[1:], "FROM")[0])
    for place, column in enumerate(columns):
        words = [token.upper for token in column]
        inner = column[2].text.strip("`") if len(column) > 3 else ""
        if len(split(column, "/")) > 1:
            found.append((place, "/", ""))
        elif words[:1] and words[0] in ("SUM", "AVG", "MIN", "MAX"):
            found.append((place, words[0], inner))
        elif len(words) > 2 and words[1] in ("+", "-", "*"):
            found.append((place, "MIN", column[0].text.strip("`")))
    return tuple(found)


def _named(tokens: Tokens) -> Tokens:
    """Name computed columns as MySQL does: by the text as written."""
    start = next(n for n, t in enumerate(tokens) if t.upper == "SELECT") + 1
    body = split(tokens[start:], "FROM")[0]
    end = start + len(body)
    out: list[Token] = []
    for number, column in enumerate(split(body)):
        real = significant(column)
        out += [Token("op", ",", ",")] if number else []
        out += column
        if not _has_name(real):
            text = value(real[0]) if len(real) == 1 else joined(column)
            quoted = "`" + text.replace("`", "``") + "`"
            out += [Token("name", " AS ", "AS"),
                    Token("quoted", quoted, ""), Token("space", " ", "")]
    return tokens[:start] + tuple(out) + tokens[end:]


def _has_name(column: Tokens) -> bool:
    if not column or any(t.kind == "mark" for t in column):
        return True
    if len(column) == 1:
        return column[0].kind != "string"
    if column[0].upper == "DISTINCT" or column[-1].text == "*":
        return True
    before, last = column[-2:]
    if last.text == ")" or last.kind == "number" or last.upper in _VALUES:
        return False
    return before.kind != "op" or before.text in (".", ")")


def _insert(kind: str, tokens: Tokens, bound: bool) -> Query:
    parts = split(tokens, "DUPLICATE")
    head, update = parts[0], parts[1:]
    if update:
        head = _cut(head, "ON")
    head, alias = _unaliased(head) if update else (head, "")
    ignore = any(t.upper == "IGNORE" for t in head[:6])
    head = tuple(t for n, t in enumerate(head)
                 if not (n < 6 and t.upper in ("IGNORE", *_DROPPED)))
    if "OR" in [t.upper for t in significant(head)[1:2]]:
        raise syntax(joined(significant(head)[1:]), joined(tokens))
    head = _with_into(head)
    head, columns, rows = _shaped(head)
    if [t.text for t in significant(head)[-5:]] == ["(", ")", "VALUES",
                                                    "(", ")"]:
        head = _cut(head, "VALUES")
        head = head[:max(n for n, t in enumerate(head) if t.text == "(")]
        head += (Token("name", " DEFAULT", ""), Token("name", " VALUES", ""))
    writer = _Writer(head, bound)
    sql = writer.write()
    if ignore:
        sql = sql.replace(sql[:6], sql[:6] + " OR IGNORE", 1)
    if update:
        sql += _upsert(writer, update[0], alias)
    return Query(kind, joined(tokens), sql, tuple(writer.targets),
                 (), (), columns, rows, bool(update), ignore)


def _cut(tokens: Tokens, word: str) -> Tokens:
    place = max(n for n, t in enumerate(tokens) if t.upper == word)
    return tokens[:place]


def _with_into(head: Tokens) -> Tokens:
    real = [n for n, t in enumerate(head) if t.kind != "space"]
    if len(real) > 1 and head[real[1]].upper != "INTO":
        into = (Token("space", " ", ""), Token("name", "INTO", "INTO"))
        return head[:real[0] + 1] + into + head[real[0] + 1:]
    return head


def _shaped(head: Tokens) -> tuple[Tokens, tuple[str, ...],
                                   tuple[Tokens, ...]]:
    """Bring INSERT ... SET and VALUE into the standard's form."""
    head = tuple(Token("name", "VALUES", "VALUES") if t.upper == "VALUE"
                 else t for t in head)
    head = tuple(Token("name", "NULL", "NULL") if t.upper == "DEFAULT"
                 else t for t in head)
    pieces = split(head, "SET")
    if len(pieces) == 2:
        pairs = [split(part, "=") for part in split(pieces[1])]
        comma, space = Token("op", ",", ","), Token("space", " ", "")
        names = _listed([pair[0] for pair in pairs], comma)
        values = _listed([pair[-1] for pair in pairs], comma)
        word = Token("name", "VALUES", "VALUES")
        head = pieces[0] + names + (space, word, space) + values
    before, *after = split(head, "VALUES")
    columns = tuple(identifier(t) or "" for t in _inside(before)
                    if t.kind in ("name", "quoted"))
    rows = tuple(_inside(part) for part in split(after[0])) if after else ()
    return head, columns, rows


def _listed(parts: list[Tokens], comma: Token) -> Tokens:
    out: Tokens = (Token("op", "(", "("),)
    for number, part in enumerate(parts):
        out += ((comma,) if number else ()) + part
    return out + (Token("op", ")", ")"),)


def _inside(tokens: Tokens) -> Tokens:
    real = significant(tokens)
    texts = [t.text for t in real]
    if "(" not in texts:
        return ()
    return real[texts.index("(") + 1:-1]


def _unaliased(head: Tokens) -> tuple[Tokens, str]:
    """Cut off the row alias of MySQL 8: VALUES (...) AS new."""
    real = significant(head)
    if len(real) > 2 and real[-2].upper == "AS":
        return _cut(head, "AS"), real[-1].text
    return head, ""


def _proposed(body: Tokens, alias: str) -> Tokens:
    """Write VALUES(column) and alias.column as excluded.column."""
    out: list[Token] = []
    real = significant(body)
    place = 0
    while place < len(real):
        token = real[place]
        if token.upper in ("VALUES", "VALUE") and place + 3 < len(real):
            out += [Token("name", "excluded", ""), Token("op", ".", "."),
                    real[place + 2]]
            place += 4
            continue
        if alias and token.text == alias:
            token = Token("name", "excluded", "")
        out += [token, Token("space", " ", "")]
        place += 1
    return tuple(out)


def _upsert(writer: _Writer, update: Tokens, alias: str) -> str:
    real = significant(update)
    if [t.upper for t in real[:2]] != ["KEY", "UPDATE"]:
        raise syntax(joined(update))
    body = _proposed(real[2:], alias)
    tail = _Writer(body, writer.bound)
    sets = tail.write().strip()
    where = "" if tail.marks else _changed(writer.targets[0].table, body)
    return f" ON CONFLICT DO UPDATE SET {sets}{where}"


def _changed(table: str, body: Tokens) -> str:
    """Leave rows alone that would stay the same, as MySQL counts them."""
    tests = []
    for part in split(body):
        left, _, right = expression(part).partition("=")
        tests.append(f"{name(table)}.{left.strip()} IS NOT ({right})")
    return f" WHERE {' OR '.join(tests)}"
