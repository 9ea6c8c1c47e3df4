"""Compares and shows values of a submission without running its code.

A learner's object can claim to equal anything and print as anything, so
neither its `__eq__` nor its `__repr__` is ever called: only values of exact
builtin types are read.
"""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

from grader.kit.live import Live

SHOWN = 300

_NUMBERS = (int, float, Decimal)
_ATOMS = (str, bytes, bool, type(None), complex)


def same(expected: object, got: object) -> bool:
    """Return whether `got` is the expected plain value.

    Numbers are close to nine digits and 9 is 9.0, but True is not 1; the
    type of anything else is exact, so a subclass never passes for its base.
    """
    # First what is compared most: the texts and numbers of rows.
    if type(expected) is type(got) and type(expected) in (str, int):
        return expected == got
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
    # float() and == raise an error for a signaling NaN.
    if _is_nan(expected) or _is_nan(got):
        return _is_nan(expected) and _is_nan(got)
    one, two = _as_float(expected), _as_float(got)
    if one is None or two is None:
        return bool(expected == got)
    return math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-9)


def _is_nan(number: Any) -> bool:
    return (number.is_nan() if isinstance(number, Decimal)
            else isinstance(number, float) and math.isnan(number))


def _as_float(number: Any) -> float | None:
    """Return a number as a float, None for one beyond them."""
    try:
        value = float(number)
    except OverflowError:
        return None
    is_infinite = (number.is_infinite() if isinstance(number, Decimal)
                   else value == number)
    return value if is_infinite or not math.isinf(value) else None


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
    if type(value) is Live:
        return value.shown
    # isinstance would run the __class__ of the object.
    if issubclass(type(value), type):
        return f"<class {type.__dict__['__name__'].__get__(value)}>"
    kind = type(value)
    name = str(type.__dict__["__name__"].__get__(kind))
    if name in ("function", "coroutine", "generator", "async_generator",
                "module", "builtin_function_or_method"):
        return f"<{name.removeprefix('builtin_').replace('_', ' ')}>"
    return f"<{name} object>"


def clipped(text: str, most: int) -> str:
    """Return a text cut between words, with "..." where it is cut.

    At most `most` characters are kept.
    """
    if len(text) <= most:
        return text
    whole = text[:most + 1].rpartition(" ")[0].rstrip()
    # A single word may be longer than that.
    return f"{whole} ..." if 2 * len(whole) > most else f"{text[:most]}..."


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
