"""Stand-ins, outside the wall, for values that are no plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeGuard


@dataclass(frozen=True, eq=False)
class Live:
    """Something of a submission that did not cross the wall.

    `kind` is the name of its type, `shown` how it is shown, and `name` what
    calls of it are written with.
    """

    kind: str
    shown: str
    is_callable: bool = False
    name: str = ""

    @property
    def __name__(self) -> str:
        return self.name


class Reported(BaseException):
    """An exception that the submission raised behind the wall.

    `text` describes it in one line, `line` is where in the file it was
    raised, and `kinds` names its type and all bases of that.
    """

    def __init__(self, text: str, line: int | None,
                 kinds: tuple[str, ...]) -> None:
        super().__init__(text)
        self.text = text
        self.line = line
        self.kinds = kinds


def kinds_of(error: BaseException) -> tuple[str, ...]:
    """Return the names of an exception's type and of all its bases."""
    if isinstance(error, Reported):
        return error.kinds
    return tuple(str(type.__dict__["__name__"].__get__(kind))
                 for kind in type.__dict__["__mro__"].__get__(type(error)))


def is_a(error: BaseException, *names: str) -> bool:
    """Return whether an exception is of one of the types so named."""
    return not {*names}.isdisjoint(kinds_of(error))


def is_live(value: object) -> TypeGuard[Live]:
    """Return whether a value is replayed.

    isinstance would run the __class__ of a learner's value.
    """
    return issubclass(type(value), Live)


def kind_of(value: object) -> str:
    """Return the name of the type of a value, live or replayed."""
    if is_live(value):
        return value.kind
    return str(type.__dict__["__name__"].__get__(type(value)))


def is_callable(value: object) -> bool:
    """Return whether a value, live or replayed, can be called."""
    return value.is_callable if is_live(value) else callable(value)
