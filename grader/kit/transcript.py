"""How a check looks at a submission: directly, recorded, or replayed.

A suite is run in three ways. Alone (unittest, pytest) it looks and compares
at once. Behind the wall it only looks: a Recorder keeps each observation as
plain data, and nothing there compares. Outside, a Replay answers each look
with what was recorded, and there the same suite compares. So no process
that runs a submission decides whether it is right.
"""

from __future__ import annotations

import functools
import unittest
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar, cast

from grader.kit import channel
from grader.kit.exceptions import describe, line_in
from grader.kit.failure import CAUSES, Failure
from grader.kit.live import Reported, kinds_of
from grader.kit.packing import pack, unpack

Look = Callable[[], Any]
Method = TypeVar("Method", bound=Callable[..., Any])
Entry = dict[str, Any]
# No check looks this often; with a program that never ends it may.
MOST = 4000


class Mismatched(Failure):
    """The record does not fit what the check looks at."""

    def __init__(self) -> None:
        super().__init__("the results do not belong to the calls made, so "
                         "they cannot be believed",
                         cause="untrusted")


class Transcript(Protocol):
    """How the looks of a check are done, and whether it `compares`."""

    compares: bool

    def look(self, label: str, look: Look) -> Any:
        """Return what a look returns, or raise what it raises."""

    def right(self, got: Any) -> Any:
        """Return what the model returned where `got` was observed."""

    def advise(self, remark: str) -> None:
        """Keep a remark that never costs points."""


class Alone:
    """Looks at once, as unittest and pytest do."""

    compares = True

    def look(self, label: str, look: Look) -> Any:
        return look()

    def right(self, got: Any) -> Any:
        # The suite is run with the model itself.
        return got

    def advise(self, remark: str) -> None:
        """Drop it: only the grader shows advice."""


class Recorder:
    """Looks, and records the outcome; a look within a look is part of it.

    `printed` returns what the submission printed since its last call began.
    """

    compares = False

    def __init__(self, file: str, printed: Callable[[], str]) -> None:
        self.entries: list[Entry] = []
        self._file, self._printed = file, printed
        self._is_looking = False

    def look(self, label: str, look: Look) -> Any:
        if self._is_looking:
            return look()
        if len(self.entries) == MOST:
            raise Failure("this goes on for ever", cause="output")
        self._is_looking = True
        entry: Entry = {"look": label}
        try:
            value = look()
            entry["value"] = pack(value)
            return value
        except unittest.SkipTest:
            raise
        except BaseException as error:
            entry |= raised(error, self._file)
            raise
        finally:
            if output := self._printed():
                entry["output"] = output
            self.entries.append(entry)
            self._is_looking = False

    def right(self, got: Any) -> Any:
        raise AssertionError("nothing compares here")

    def advise(self, remark: str) -> None:
        # Outside of looks the replay runs the same code, and advises then.
        if self._is_looking:
            channel.advise(remark)


def is_for_model(entry: Any) -> bool:
    """Return whether an entry is compared with that of the model."""
    return isinstance(entry, dict) and entry.get("look") == "observe"


def raised(error: BaseException, file: str) -> Entry:
    """Return what was raised as plain data."""
    if isinstance(error, Failure):
        cause = error.__cause__
        return {"failure": {
            "cause": error.cause, "message": error.message,
            "call": error.call, "expected": error.expected, "got": error.got,
            "line": error.line or line_in(error, file),
            "raised": cause and raised(cause, file)["raised"]
            if not isinstance(cause, Failure) else None}}
    return {"raised": {"text": describe(error), "line": line_in(error, file),
                       "kinds": list(kinds_of(error))}}


class Replay:
    """Answers looks with what a Recorder recorded of a submission.

    `model` is the record of the model with the same fresh inputs; without
    it, what is observed counts as right. `output` is what the submission
    printed in the last look.
    """

    compares = True

    def __init__(self, entries: Sequence[Any],
                 model: Sequence[Entry] | None = None) -> None:
        self.advice: list[str] = []
        self._entries = iter(entries)
        self._model = None if model is None else iter([
            each for each in model if is_for_model(each)])
        self.output = ""

    def look(self, label: str, look: Look) -> Any:
        return self._answer(next(self._entries, None), label)

    def right(self, got: Any) -> Any:
        if self._model is None:
            return got
        match next(self._model, None):
            case {"value": value}:
                return _value(value)
        raise Mismatched()

    def advise(self, remark: str) -> None:
        # A forged record may lead to the same remark many times.
        if remark not in self.advice:
            self.advice.append(remark)

    def is_over(self) -> bool:
        """Return whether no recorded entry is left."""
        return next(self._entries, None) is None

    def _answer(self, entry: Any, label: str) -> Any:
        match entry:
            case {"look": str(found)} if found == label:
                output = entry.get("output", "")
                self.output = output if isinstance(output, str) else ""
            case _:
                raise Mismatched()
        match entry:
            case {"failure": dict(parts)}:
                raise _failure(parts)
            case {"raised": dict(parts)}:
                raise _reported(parts)
            case {"value": value}:
                return _value(value)
        raise Mismatched()


def _value(packed: Any) -> Any:
    try:
        return unpack(packed)
    except (ValueError, RecursionError):
        raise Mismatched() from None


def _failure(parts: dict[str, Any]) -> Failure:
    """Rebuild a failure from untrusted data."""
    match parts:
        case {"cause": cause, "message": str(message), "line": line} if (
                cause in CAUSES and (line is None or type(line) is int)):
            failure = Failure(message, cause=cause, line=line, **{
                name: text if isinstance(text, str) else None
                for name in ("call", "expected", "got")
                for text in [parts.get(name)]})
            cause = parts.get("raised")
            failure.__cause__ = _reported(cause) if cause else None
            return failure
    raise Mismatched()


def _reported(parts: Any) -> Reported:
    match parts:
        case {"text": str(text), "line": line, "kinds": [*kinds]} if (
                line is None or type(line) is int):
            return Reported(text, line, tuple(map(str, kinds)))
    raise Mismatched()


class Looking:
    """The base of classes with a transcript and methods that look."""

    transcript: Transcript = Alone()

    def see(self, look: Look) -> Any:
        """Return what `look` returns: a value that changes over time."""
        return self.transcript.look("see", look)


def looks(method: Method) -> Method:
    """Make a method a look: outside the wall it is not run but replayed."""
    name = method.__name__

    @functools.wraps(method)
    def looking(self: Looking, *args: Any, **kwargs: Any) -> Any:
        return self.transcript.look(
            name, lambda: method(self, *args, **kwargs))
    return cast(Method, looking)


# The methods whose first argument is an expectation, by name.
EXPECTING: set[str] = {"assertHolds"}


def expects(method: Method) -> Method:
    """Make a method one that compares, with the expectation first.

    Its expectation is taken out of the text of a suite that goes behind the
    wall, so there it must not be used.
    """
    EXPECTING.add(method.__name__)
    return method
