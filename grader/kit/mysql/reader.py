"""Walks over a statement's tokens, expecting words."""

from __future__ import annotations

from grader.kit.mysql.errors import error, syntax
from grader.kit.mysql.lexer import (Token, Tokens, identifier, joined,
                                    significant)


class Reader:
    """Walks over significant tokens; errors quote what is left."""

    def __init__(self, tokens: Tokens, text: str = "") -> None:
        self.tokens = significant(tokens)
        self.text = text or joined(tokens)
        self.place = 0

    def peek(self, ahead: int = 0) -> str:
        place = self.place + ahead
        return self.tokens[place].upper if place < len(self.tokens) else ""

    def token(self) -> Token:
        if self.place >= len(self.tokens):
            raise self.wrong()
        self.place += 1
        return self.tokens[self.place - 1]

    def take(self, *words: str) -> bool:
        """Step over the words if all of them come next."""
        if any(self.peek(n) != word for n, word in enumerate(words)):
            return False
        self.place += len(words)
        return True

    def expect(self, *words: str) -> None:
        if not self.take(*words):
            raise self.wrong()

    def name(self) -> str:
        found = identifier(self.token())
        if found is None:
            self.place -= 1
            raise self.wrong()
        if self.take("."):
            return self.name()
        return found

    def group(self) -> Tokens:
        """Return what the parentheses that come next hold."""
        self.expect("(")
        start, depth = self.place, 1
        while depth:
            text = self.token().upper
            depth += (text == "(") - (text == ")")
        return self.tokens[start:self.place - 1]

    def rest(self) -> Tokens:
        return self.tokens[self.place:]

    def end(self) -> None:
        """Refuse whatever is left."""
        if not self.done():
            raise self.wrong()

    def done(self) -> bool:
        return self.place >= len(self.tokens)

    def wrong(self) -> Exception:
        left = self.rest()
        near = " ".join(token.text for token in left)
        line_of = left[0].text if left else ""
        line = syntax(line_of, self.text).message.rpartition(" ")[2]
        return error(1064, near[:80], line)
