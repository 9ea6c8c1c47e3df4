"""Plain values as JSON data that keeps their exact types."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from grader.kit.live import Live, is_callable, kind_of
from grader.kit.values import show

# What a value may weigh that crosses the wall whole: one for an item, a
# number or ten letters. A table of 2,100 rows of four weighs 15,000.
_HEAVIEST = 60_000
_DEEPEST = 40
_LONGEST_INT = 10_000


def pack(value: object) -> Any:
    """Return a value as JSON data that keeps its exact types.

    What is not plain, too deep or too heavy becomes a description of it.
    """
    return (_packed(value, 0) if _room(value, _HEAVIEST, 0) > 0
            else _described(value))


def _packed(value: object, depth: int) -> Any:
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is int and value.bit_length() > _LONGEST_INT:  # type: ignore
        return _described(value)
    if kind in (int, float, Decimal):
        return {kind.__name__: repr(value) if kind is float else str(value)}
    if kind is bytes:
        assert isinstance(value, bytes)
        return {"bytes": value.hex()}
    if depth < _DEEPEST and kind in (list, tuple, set, frozenset):
        assert isinstance(value, (list, tuple, set, frozenset))
        return {kind.__name__: [_packed(e, depth + 1) for e in value]}
    if depth < _DEEPEST and kind is dict:
        assert isinstance(value, dict)
        return {"dict": [[_packed(k, depth + 1), _packed(v, depth + 1)]
                         for k, v in value.items()]}
    return _described(value)


def _described(value: object) -> Any:
    name = getattr(value, "__name__", "") if type(value).__name__ in (
        "function", "Live") else ""
    return {"live": [kind_of(value), show(value), is_callable(value),
                     name if type(name) is str else ""]}


def _room(value: object, room: int, depth: int) -> int:
    """Return what is left of some room once a value is in it."""
    room -= 1
    if type(value) in (str, bytes):
        assert isinstance(value, (str, bytes))
        room -= len(value) // 10
    elif type(value) is dict and depth < _DEEPEST:
        for pair in value.items():
            room = _room(pair, room, depth + 1) if room > 0 else 0
    elif type(value) in (list, tuple, set, frozenset) and depth < _DEEPEST:
        assert isinstance(value, (list, tuple, set, frozenset))
        for each in value:
            if room <= 0:
                break
            room = _room(each, room, depth + 1)
    return room


def _live(body: Any) -> Live:
    kind, shown, is_callable, name = body
    if not (type(kind) is type(shown) is type(name) is str
            and type(is_callable) is bool):
        raise ValueError("no description")
    return Live(kind=kind, shown=shown, is_callable=is_callable, name=name)


_UNPACK: dict[str, Callable[[Any], object]] = {
    "int": int, "float": float, "Decimal": Decimal, "bytes": bytes.fromhex,
    "list": lambda items: [unpack(each) for each in items],
    "tuple": lambda items: tuple(unpack(each) for each in items),
    "set": lambda items: {unpack(each) for each in items},
    "frozenset": lambda items: frozenset(unpack(each) for each in items),
    "dict": lambda items: {unpack(k): unpack(v) for k, v in items},
    "live": _live,
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
