"""Reads a statement word by word."""

from __future__ import annotations

from grader.kit.mysql.lexer import (Token, Tokens, identifier, joined,
                                    significant)
from grader.kit.mysql.server_error import error, line_of


class Reader:
    """A place in the tokens of a statement, without white space.

    What is not as expected is error 1064, which quotes what is left.
    """

    def __init__(self, tokens: Tokens, text: str = "") -> None:
        self.tokens = significant(tokens)
        self.text = text or joined(tokens)
        self.place = 0

    def peek(self, ahead: int = 0) -> str:
        """Return a word to come in upper case, an empty text at the end."""
        place = self.place + ahead
        return self.tokens[place].upper if place < len(self.tokens) else ""

    def token(self) -> Token:
        """Step over the next token, and return it."""
        if self.place >= len(self.tokens):
            raise self.wrong()
        self.place += 1
        return self.tokens[self.place - 1]

    def take(self, *words: str) -> bool:
        """Step over the words if all of them come next."""
        for number, word in enumerate(words):
            if self.peek(number) != word:
                return False
        self.place += len(words)
        return True

    def expect(self, *words: str) -> None:
        """Step over the words, which must come next."""
        if not self.take(*words):
            raise self.wrong()

    def name(self) -> str:
        """Step over a name, and return it without the schema before it."""
        found = self.bare_name()
        return self.name() if self.take(".") else found

    def bare_name(self) -> str:
        """Step over a name that has no schema before it, and return it."""
        found = identifier(self.token())
        if found is None:
            self.place -= 1
            raise self.wrong()
        return found

    def group(self) -> Tokens:
        """Step over parentheses, and return what is in them."""
        self.expect("(")
        start, depth = self.place, 1
        while depth:
            text = self.token().upper
            depth += (text == "(") - (text == ")")
        return self.tokens[start:self.place - 1]

    def rest(self) -> Tokens:
        """Return what is left."""
        return self.tokens[self.place:]

    def end(self) -> None:
        """Raise an error if anything is left."""
        if not self.done():
            raise self.wrong()

    def done(self) -> bool:
        return self.place >= len(self.tokens)

    def wrong(self) -> Exception:
        """Build the syntax error at this place."""
        left = self.rest()
        near = " ".join(token.text for token in left)
        line = line_of(left[0].text if left else "", self.text)
        return error(1064, near[:80], line)
