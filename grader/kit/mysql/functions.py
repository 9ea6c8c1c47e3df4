"""MySQL's functions and column types for SQLite."""

from __future__ import annotations

import datetime
import math
import os
import random
import re
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

Scalar = str | int | float | bytes | None


def new_uuid() -> str:
    """Return a new identifier in the form of a UUID, version 1."""
    digits = os.urandom(16).hex()
    return "-".join((digits[:8], digits[8:12], "1" + digits[13:16],
                     "8" + digits[17:20], digits[20:]))


def _now() -> str:
    return time.strftime("%Y-%m-%d %H:%M:%S")


def _concat(*parts: Scalar) -> str | None:
    if None in parts:
        return None
    return "".join(map(str, parts))


def _concat_ws(separator: str, *parts: Scalar) -> str:
    return separator.join(str(part) for part in parts if part is not None)


def _matches(pattern: str | None, text: Scalar) -> bool | None:
    if pattern is None or text is None:
        return None
    return re.search(pattern, str(text), re.IGNORECASE) is not None


def _octets(text: Scalar) -> int | None:
    """Return the length in bytes, MySQL's LENGTH."""
    return None if text is None else len(str(text).encode())


def _rounded(function: Callable[[float], int]) -> Callable[..., int | None]:
    return lambda number: None if number is None else function(number)


def _round(number: float | None, places: int = 0) -> float | int | None:
    # Half goes up in MySQL, and to the even digit in Python.
    if number is None:
        return None
    step = Decimal(1).scaleb(-places)
    found = Decimal(str(number)).quantize(step, ROUND_HALF_UP)
    return float(found) if places > 0 else int(found)


def _sleep(seconds: float) -> int:
    time.sleep(float(seconds))
    return 0


def _digest(kind: str) -> Callable[[Scalar], str | None]:
    def digest(text: Scalar) -> str | None:
        if text is None:
            return None
        import hashlib  # rarely needed, slow to load
        return hashlib.new(kind, str(text).encode()).hexdigest()
    return digest


_FUNCTIONS: dict[str, tuple[int, Callable[..., Scalar]]] = {
    "uuid": (0, new_uuid), "now": (-1, lambda *_: _now()),
    "curdate": (0, lambda: _now()[:10]), "curtime": (0, lambda: _now()[11:]),
    "sysdate": (-1, lambda *_: _now()),
    "unix_timestamp": (0, lambda: int(time.time())),
    "rand": (-1, lambda *_: random.random()),
    "concat": (-1, _concat), "concat_ws": (-1, _concat_ws),
    "regexp": (2, _matches), "octets": (1, _octets),
    "floor": (1, _rounded(math.floor)), "ceil": (1, _rounded(math.ceil)),
    "ceiling": (1, _rounded(math.ceil)), "round": (-1, _round),
    "md5": (1, _digest("md5")), "sha1": (1, _digest("sha1")),
    "left": (2, lambda s, n: s and str(s)[:n]),
    "right": (2, lambda s, n: s and (str(s)[-n:] if n else "")),
    "greatest": (-1, lambda *a: None if None in a else max(a)),
    "least": (-1, lambda *a: None if None in a else min(a)),
    "sleep": (1, _sleep),
    "user": (0, lambda: "root@localhost"),
    "current_user": (0, lambda: "root@localhost"),
    "version": (0, lambda: VERSION), "connection_id": (0, lambda: 1),
}
VERSION = "8.0.36"


def prepare(handle: sqlite3.Connection) -> None:
    """Give a SQLite connection MySQL's functions."""
    for name, (count, function) in _FUNCTIONS.items():
        handle.create_function(name, count, function)
    handle.execute("PRAGMA foreign_keys = ON")


def names() -> set[str]:
    """Return the functions' names, in lower case."""
    return set(_FUNCTIONS)


def exact(number: object, scale: int) -> Decimal:
    """Return a Decimal with `scale` places, rounded as MySQL rounds."""
    return Decimal(str(number)).quantize(Decimal(1).scaleb(-scale),
                                         ROUND_HALF_UP)


def exactly(rows: Iterable[tuple[Any, ...]],
            scales: Mapping[int, int]) -> Iterator[tuple[Any, ...]]:
    """Yield rows with decimals, `scales` gives the places by column."""
    for row in rows:
        yield tuple(
            exact(cell, scales[place])
            if place in scales and cell is not None else cell
            for place, cell in enumerate(row))


def _decimal(scale: int) -> Callable[[bytes], Decimal | str]:
    # Of the ages of thousands of users a hundred differ.
    @lru_cache(maxsize=256)
    def convert(raw: bytes) -> Decimal | str:
        text = raw.decode()
        if not scale and text.isdigit():
            return Decimal(text)
        try:
            return exact(text, scale)
        except InvalidOperation:
            return text
    return convert


def _integer(raw: bytes) -> int | str:
    try:
        return int(raw)
    except ValueError:
        return int(exact(raw.decode(), 0))


def _moment(raw: bytes) -> datetime.datetime:
    return datetime.datetime.fromisoformat(raw.decode())


def _date(raw: bytes) -> datetime.date:
    return datetime.date.fromisoformat(raw.decode()[:10])


def _time(raw: bytes) -> datetime.timedelta:
    hours, minutes, seconds = (raw.decode() + ":0:0").split(":")[:3]
    return datetime.timedelta(hours=int(hours), minutes=int(minutes),
                              seconds=float(seconds))


# The registry of converters is one for the process, so the types have names
# that no database of a learner's uses.
for _scale in range(31):
    sqlite3.register_converter(f"DECIMAL_{_scale}", _decimal(_scale))
for _name, _converter in (("MYINT", _integer), ("MYDATETIME", _moment),
                          ("MYTIMESTAMP", _moment), ("MYDATE", _date),
                          ("MYTIME", _time)):
    sqlite3.register_converter(_name, _converter)
