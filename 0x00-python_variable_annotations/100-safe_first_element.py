#!/usr/bin/env python3
"""Take the first element, if there is one."""

from collections.abc import Sequence
from typing import Any


def safe_first_element(lst: Sequence[Any]) -> Any | None:
    """Return the first element, None if the sequence is empty."""
    if lst:
        return lst[0]
    return None
