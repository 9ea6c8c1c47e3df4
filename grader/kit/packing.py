"""Packs plain values as JSON data that keeps their exact types."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from grader.kit.live import Live, is_callable, kind_of
from grader.kit.values import show

# The largest value that crosses the wall, in items: a number is one, and so
# are ten letters. A table of 2,100 rows of four is 15,000.
_HEAVIEST = 60_000
_DEEPEST = 40
# The longest text of a number: what int() reads of a text by itself. It is
# the largest exponent of a Decimal, too: its text is short, but the int that
# it comes to takes a time that is quadratic in the exponent.
MOST_DIGITS = 4300
_NUMBERS: Mapping[str, Callable[[str], object]] = {
    "int": int, "float": float, "Decimal": Decimal}
_ITEMS: Mapping[str, Callable[[list[Any]], object]] = {
    "list": list, "tuple": tuple, "set": set, "frozenset": frozenset}
# Keys of one hash are compared with each other, each with each.
_MOST_OF_A_HASH = 16


def pack(value: object) -> Any:
    """Return a value as JSON data that keeps its exact types.

    What is not plain, too deep or too large becomes a description of it,
    and so does a number of more than MOST_DIGITS, or one to a larger power.
    """
    return (_packed(value, 0) if _room(value, _HEAVIEST, 0) > 0
            else _described(value))


def _packed(value: object, depth: int) -> Any:
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind is float:
        return {"float": repr(value)}
    if kind is int or kind is Decimal:
        assert isinstance(value, (int, Decimal))
        text = _digits(value)
        return _described(value) if text is None else {kind.__name__: text}
    if kind is bytes:
        assert isinstance(value, bytes)
        return {"bytes": value.hex()}
    if depth < _DEEPEST and kind in (list, tuple, set, frozenset):
        assert isinstance(value, (list, tuple, set, frozenset))
        return {kind.__name__: [
            e if type(e) is str else {"float": repr(e)} if type(e) is float
            else _packed(e, depth + 1) for e in value]}
    if depth < _DEEPEST and kind is dict:
        assert isinstance(value, dict)
        return {"dict": [[_packed(k, depth + 1), _packed(v, depth + 1)]
                         for k, v in value.items()]}
    return _described(value)


def _digits(number: int | Decimal) -> str | None:
    # To write an int takes a time that is quadratic in its length.
    if (_is_endless(number) if isinstance(number, Decimal)
            else number.bit_length() > 3 * MOST_DIGITS):
        return None
    text = str(number)
    return text if len(text) <= MOST_DIGITS else None


def _is_endless(number: Decimal) -> bool:
    # Of what is infinite or not a number adjusted() is 0.
    return abs(number.adjusted()) > MOST_DIGITS


def _described(value: object) -> Any:
    name = getattr(value, "__name__", "") if type(value).__name__ in (
        "function", "Live") else ""
    return {"live": [kind_of(value), show(value), is_callable(value),
                     name if type(name) is str else ""]}


def _room(value: object, room: int, depth: int) -> int:
    """Return how much of some room a value leaves, 0 or less for none."""
    kind = type(value)
    room -= 1
    if kind is str or kind is bytes:
        assert isinstance(value, (str, bytes))
        return room - len(value) // 10
    if depth >= _DEEPEST or kind not in (dict, list, tuple, set, frozenset):
        return room
    assert isinstance(value, (dict, list, tuple, set, frozenset))
    for each in value.items() if isinstance(value, dict) else value:
        if room <= 0:
            return room
        # Most of what is large is texts and numbers: a call for each of them
        # would take longer than all else.
        if type(each) is str:
            room -= 1 + len(each) // 10
        elif type(each) is float:
            room -= 1
        else:
            room = _room(each, room, depth + 1)
    return room


def unpack(data: Any) -> object:
    """Return the value that `pack` wrote; ValueError if it did not.

    It takes a time that is linear in the data, whatever wrote that.
    """
    try:
        return _unpack(data)
    except (AttributeError, KeyError, TypeError, ArithmeticError,
            RecursionError) as error:
        raise ValueError("not packed data") from error


def _unpack(data: Any) -> object:
    if type(data) is str or data is None or isinstance(data, bool):
        return data
    (kind, body), = data.items()
    if kind in _NUMBERS:
        number = _NUMBERS[kind](_number(body))
        if isinstance(number, Decimal) and _is_endless(number):
            raise ValueError("a number without end")
        return number
    if kind == "bytes":
        return bytes.fromhex(body)
    if kind == "live":
        return _live(body)
    if not isinstance(body, list):
        raise ValueError("not packed data")
    if kind == "dict":
        pairs = [(_unpack(key), _unpack(value)) for key, value in body]
        _refuse_collisions([key for key, _ in pairs])
        return dict(pairs)
    items = [each if type(each) is str else _unpack(each) for each in body]
    if "set" in kind:
        _refuse_collisions(items)
    return _ITEMS[kind](items)


def _number(body: object) -> str:
    if not isinstance(body, str) or len(body) > MOST_DIGITS:
        raise ValueError("not the text of a number")
    return body


def _live(body: Any) -> Live:
    kind, shown, is_callable, name = body
    if not (type(kind) is type(shown) is type(name) is str
            and type(is_callable) is bool):
        raise ValueError("no description")
    return Live(kind=kind, shown=shown, is_callable=is_callable, name=name)


def _refuse_collisions(keys: Collection[object]) -> None:
    if len(keys) > _MOST_OF_A_HASH and (
            max(Counter(map(hash, keys)).values()) > _MOST_OF_A_HASH):
        raise ValueError("keys that are chosen to take long")
