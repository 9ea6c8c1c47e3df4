"""Serves the bodies of given functions, step by step, to a run.

The learner's tests are run against right and wrong versions of the given
code. If the code were in the process of the tests, they could read which
version it is. So a run has functions without bodies; each call of one asks
here what to do next. The module bodies cuts a body into steps, the module
steps carries them out.
"""

from __future__ import annotations

import ast
import secrets
from collections.abc import Mapping
from random import Random
from typing import Any

from grader.inside.learnertests.bodies import (
    Body, Fact, Function, ProtocolError, Raised, Scope, Step, Talk)

Message = dict[str, Any]

# The most that one run may ask for. Runs of honest tests ask for hundreds of
# answers.
_MOST_ANSWERS = 100_000
_MOST_TALKS = 2_000
_MOST_FUNCTIONS = 20_000


def read(texts: Mapping[str, str]) -> dict[str, ast.FunctionDef]:
    """Return the functions of `BodyServer.texts`, parsed again."""
    found = {place: ast.parse(text).body[0] for place, text in texts.items()}
    return {place: node for place, node in found.items()
            if isinstance(node, ast.FunctionDef)}


class BodyServer:
    """Serves functions to one run; each is called by its place, a name.

    `called` are the places of the functions that were carried out to their
    ends.
    """

    def __init__(self, kept: Mapping[str, ast.FunctionDef]) -> None:
        self._kept = kept
        # Functions defined within others, with the scope around them.
        self._inner: dict[str, tuple[Function, Scope]] = {}
        self._talks: dict[int, tuple[Talk[list[Step]], str]] = {}
        self._seed = secrets.token_hex(8)
        self._count = self._answers = 0
        self.called: set[str] = set()

    def texts(self) -> dict[str, str]:
        """Return the sources of the functions, by place."""
        return {place: ast.unparse(node)
                for place, node in self._kept.items()}

    def answer(self, message: object) -> Message:
        """Return the answer to one message of a run; raises ProtocolError.

        ["call", place, facts] begins a call; `facts` is what is known of
        each argument. ["on", number, result] goes on with one, with the
        result of its last step, None for an exception.
        """
        self._answers += 1
        if self._answers > _MOST_ANSWERS:
            raise ProtocolError
        match message:
            case ["call", str(place), [*facts]]:
                return self._begin(place, [
                    fact for fact in facts if isinstance(fact, int | str)])
            case ["on", int(number), int() | None as reply]:
                if number in self._talks:
                    return self._go_on(number, reply)
        raise ProtocolError

    def _begin(self, place: str, facts: list[Fact]) -> Message:
        function, outer = self._inner.get(place) or (
            self._kept.get(place), None)
        if function is None or len(self._talks) >= _MOST_TALKS:
            raise ProtocolError
        # The same for every call of a function: a run that calls it often
        # must not find out which steps are real by those that come back.
        random = Random(f"{self._seed} {place}")
        body = Body(function, outer, facts, random, self._note)
        self._count += 1
        self._talks[self._count] = body.talk(), place
        return self._go_on(self._count, None, begins=True) | {
            "into": body.into}

    def _note(self, function: Function, scope: Scope) -> str:
        if len(self._inner) >= _MOST_FUNCTIONS:
            raise ProtocolError
        place = f"#{len(self._inner)}"
        self._inner[place] = function, scope
        return place

    def _go_on(self, number: int, reply: int | None,
               begins: bool = False) -> Message:
        """Return a talk's number and next steps, or no number and its last.

        `reply` is what the steps before came to, None for an exception.
        """
        talk, place = self._talks[number]
        try:
            if begins:
                steps = next(talk)
            elif reply is None:
                steps = talk.throw(Raised())
            else:
                steps = talk.send(reply)
        except StopIteration as end:
            del self._talks[number]
            self.called |= {place} & self._kept.keys()
            return {"talk": None, "steps": end.value}
        return {"talk": number, "steps": steps}
