"""Values of a submission, compared and shown without asking it.

A learner's object can claim to equal anything and print as anything, so
neither its `__eq__` nor its `__repr__` is ever called: only values of exact
builtin types are looked into.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

SHOWN = 300
# What a value may weigh that is shown whole: one for an item or ten letters.
_LIGHT = 400

_NUMBERS = (int, float, Decimal)
_ATOMS = (str, bytes, bool, type(None), complex)


def same(expected: object, got: object) -> bool:
    """Tell whether `got` is the expected plain value.

    Numbers are close to nine digits and 9 is 9.0, but True is not 1; the
    type of anything else is exact, so a subclass never passes for its base.
    """
    if type(expected) in _NUMBERS and type(got) in _NUMBERS:
        return _close(expected, got)
    if type(expected) is not type(got):
        return False
    if isinstance(expected, (list, tuple)):
        assert isinstance(got, (list, tuple))
        return (len(expected) == len(got)
                and all(map(same, expected, got)))
    if isinstance(expected, dict):
        assert isinstance(got, dict)
        return (_plain_keys(got) and list(expected) == list(got)
                or _plain_keys(got) and expected.keys() == got.keys()
                ) and all(same(expected[key], got[key]) for key in expected)
    if isinstance(expected, (set, frozenset)):
        assert isinstance(got, (set, frozenset))
        return _plain_keys(got) and expected == got
    return type(expected) in _ATOMS and expected == got


def _close(expected: Any, got: Any) -> bool:
    if isinstance(expected, int) and isinstance(got, int):
        return expected == got
    try:
        one, two = float(expected), float(got)
    except OverflowError:
        return bool(expected == got)
    except ValueError:
        return False  # a signaling NaN
    return (math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-9)
            or math.isnan(one) and math.isnan(two))


def _plain_keys(keys: Any) -> bool:
    return all(type(key) in _ATOMS or type(key) in _NUMBERS
               or type(key) is tuple and _plain_keys(key) for key in keys)


def show(value: object, limit: int = SHOWN) -> str:
    """Return Python source for a plain value, `<Name object>` for others."""
    return _cut(_text(value, limit, 0), limit)


def _text(value: object, limit: int, depth: int) -> str:
    if type(value) in _ATOMS or type(value) in _NUMBERS:
        return _atom(value, limit)
    if depth > 8:
        return "..."
    kind = type(value)
    if kind is dict:
        assert isinstance(value, dict)
        return "{" + _join((f"{_text(k, limit, depth + 1)}: "
                            f"{_text(v, limit, depth + 1)}"
                            for k, v in value.items()), limit) + "}"
    if kind in (list, tuple, set, frozenset):
        assert isinstance(value, (list, tuple, set, frozenset))
        inner = _join((_text(each, limit, depth + 1) for each in value),
                      limit)
        return _wrap(kind, inner, len(value))
    return _opaque(value)


def _atom(value: object, limit: int) -> str:
    if isinstance(value, (str, bytes)) and len(value) > limit:
        return repr(value[:limit]) + "..."
    if isinstance(value, int) and value.bit_length() > 4000:
        return f"<an int of {value.bit_length()} bits>"
    return repr(value)


def _join(parts: Any, limit: int) -> str:
    shown: list[str] = []
    size = 0
    for part in parts:
        if size > limit:
            shown.append("...")
            break
        shown.append(part)
        size += len(part) + 2
    return ", ".join(shown)


def _wrap(kind: type, inner: str, length: int) -> str:
    if kind is list:
        return f"[{inner}]"
    if kind is tuple:
        return f"({inner},)" if length == 1 else f"({inner})"
    if not length:
        return f"{kind.__name__}()"
    return f"{{{inner}}}" if kind is set else f"frozenset({{{inner}}})"


def _opaque(value: object) -> str:
    # Of an object, isinstance would ask the object itself.
    if issubclass(type(value), type):
        return f"<class {type.__dict__['__name__'].__get__(value)}>"
    kind = type(value)
    name = str(type.__dict__["__name__"].__get__(kind))
    if name in ("function", "coroutine", "generator", "async_generator",
                "module", "builtin_function_or_method"):
        return f"<{name.removeprefix('builtin_').replace('_', ' ')}>"
    return f"<{name} object>"


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    return text[:limit] + f"... ({len(text)} characters)"


def call_text(name: str, args: tuple[object, ...],
              kwargs: dict[str, object] | None = None) -> str:
    """Return the source of a call, such as "wait_n(5, 9)"."""
    parts = [show(arg, 120) for arg in args]
    parts += [f"{key}={show(arg, 120)}"
              for key, arg in (kwargs or {}).items()]
    return f"{name}({', '.join(parts)})"


def pack(value: object) -> Any:
    """Return a plain value as JSON data that keeps its exact types.

    Raises TypeError for anything that is not plain.
    """
    kind = type(value)
    if value is None or kind in (bool, str):
        return value
    if kind in (int, float, Decimal):
        assert isinstance(value, _NUMBERS)
        return {kind.__name__: repr(value) if kind is float else str(value)}
    if kind in (list, tuple):
        assert isinstance(value, (list, tuple))
        return {kind.__name__: [pack(each) for each in value]}
    if kind is dict:
        assert isinstance(value, dict)
        return {"dict": [[pack(k), pack(v)] for k, v in value.items()]}
    raise TypeError(f"{_opaque(value)} is not plain data")


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
