"""Plain values as JSON data that keeps their exact types."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from grader.kit.values import show

# What a value may weigh that is shown whole: one for an item or ten letters.
_LIGHT = 400


def pack(value: object) -> Any:
    """Return a plain value as JSON data that keeps its exact types.

    Raises TypeError for anything that is not plain.
    """
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind in (int, float, Decimal):
        return {kind.__name__: repr(value) if kind is float else str(value)}
    if kind in (list, tuple):
        assert isinstance(value, (list, tuple))
        return {kind.__name__: [pack(each) for each in value]}
    if kind is dict:
        assert isinstance(value, dict)
        return {"dict": [[pack(k), pack(v)] for k, v in value.items()]}
    raise TypeError(f"{show(value)} is not plain data")


def evidence(values: tuple[object, ...]) -> list[Any]:
    """Return what `pack` makes of each value, or nothing.

    It is nothing for what is not plain, and for what is large.
    """
    try:
        return (list(map(pack, values)) if _room(values, _LIGHT) > 0
                else [])
    except (TypeError, RecursionError):
        return []


def _room(value: object, room: int) -> int:
    """Return what is left of some room once a value is in it."""
    room -= 1
    if type(value) in (str, bytes):
        assert isinstance(value, (str, bytes))
        room -= len(value) // 10
    elif type(value) is int:
        room -= value.bit_length() // 30
    elif type(value) is dict:
        for pair in value.items():
            room = _room(pair, room) if room > 0 else 0
    elif type(value) in (list, tuple):
        assert isinstance(value, (list, tuple))
        for each in value:
            if room <= 0:
                break
            room = _room(each, room)
    return room


_UNPACK: dict[str, Callable[[Any], object]] = {
    "int": int, "float": float, "Decimal": Decimal,
    "list": lambda items: [unpack(each) for each in items],
    "tuple": lambda items: tuple(unpack(each) for each in items),
    "dict": lambda items: {unpack(k): unpack(v) for k, v in items},
}


def unpack(data: Any) -> object:
    """Return the value that `pack` wrote; ValueError if it did not."""
    if data is None or isinstance(data, (bool, str)):
        return data
    try:
        (kind, body), = data.items()
        return _UNPACK[kind](body)
    except (AttributeError, KeyError, TypeError, ArithmeticError) as error:
        raise ValueError("not packed data") from error
