"""Plain values as JSON data that keeps their exact types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from grader.kit.values import show

# What a value may weigh that is shown whole: one for an item or ten letters.
_LIGHT = 400
# The longest text of a number: what int() reads of a text by itself.
MOST_DIGITS = 4300
_NUMBERS: Mapping[str, Callable[[str], object]] = {
    "int": int, "float": float, "Decimal": Decimal}
# Keys of one hash are compared with each other, each with each.
_MOST_OF_A_HASH = 16


def pack(value: object) -> Any:
    """Return a plain value as JSON data that keeps its exact types.

    Raises TypeError for anything that is not plain, holds itself, or is
    a number of more than MOST_DIGITS.
    """
    try:
        return _pack(value)
    except RecursionError:
        raise TypeError("a value that has no end is not plain data"
                        ) from None


def _pack(value: object) -> Any:
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is float:
        return {"float": repr(value)}
    if kind is int or kind is Decimal:
        return {kind.__name__: _digits(value)}
    if kind in (list, tuple):
        assert isinstance(value, (list, tuple))
        return {kind.__name__: [_pack(each) for each in value]}
    if kind is dict:
        assert isinstance(value, dict)
        return {"dict": [[_pack(k), _pack(v)] for k, v in value.items()]}
    raise TypeError(f"{show(value)} is not plain data")


def _digits(number: object) -> str:
    # Writing an int takes a time that is quadratic in its length.
    if isinstance(number, int) and number.bit_length() > 3 * MOST_DIGITS:
        raise TypeError(f"{show(number)} is too long for plain data")
    text = str(number)
    if len(text) > MOST_DIGITS:
        raise TypeError(f"{show(number)} is too long for plain data")
    return text


def evidence(values: tuple[object, ...]) -> list[Any]:
    """Return what `pack` makes of each value, or nothing.

    It is nothing for what is not plain, and for what is large.
    """
    try:
        return (list(map(pack, values)) if _room(values, _LIGHT) > 0
                else [])
    except TypeError:
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


def unpack(data: Any) -> object:
    """Return the value that `pack` wrote; ValueError if it did not.

    It takes a time that is linear in the data, whoever wrote that.
    """
    try:
        return _unpack(data)
    except (AttributeError, KeyError, TypeError, ArithmeticError,
            RecursionError) as error:
        raise ValueError("not packed data") from error


def _unpack(data: Any) -> object:
    if data is None or isinstance(data, (bool, str)):
        return data
    (kind, body), = data.items()
    if kind in _NUMBERS:
        return _NUMBERS[kind](_number(body))
    if kind == "dict":
        return _dict(body)
    if kind not in ("list", "tuple") or not isinstance(body, list):
        raise ValueError("not packed data")
    items = [_unpack(each) for each in body]
    return items if kind == "list" else tuple(items)


def _number(body: object) -> str:
    if not isinstance(body, str) or len(body) > MOST_DIGITS:
        raise ValueError("not the text of a number")
    return body


def _dict(body: Any) -> dict[Any, object]:
    pairs = [(_unpack(key), _unpack(value)) for key, value in body]
    hashes = Counter(hash(key) for key, _ in pairs)
    if max(hashes.values(), default=0) > _MOST_OF_A_HASH:
        raise ValueError("keys that are chosen to take long")
    return dict(pairs)
