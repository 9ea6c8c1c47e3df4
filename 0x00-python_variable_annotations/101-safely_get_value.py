#!/usr/bin/env python3
"""Look a key up without the risk of a KeyError."""

from collections.abc import Mapping
from typing import Any, TypeVar

T = TypeVar("T")


def safely_get_value(dct: Mapping[Any, Any], key: Any,
                     default: T | None = None) -> Any | T:
    """Return the value of key, or the default where dct has no such key."""
    if key in dct:
        return dct[key]
    return default
