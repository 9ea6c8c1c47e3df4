#!/usr/bin/env python3
"""Make functions that multiply."""

from collections.abc import Callable


def make_multiplier(multiplier: float) -> Callable[[float], float]:
    """Return a function that multiplies its argument by multiplier."""

    def multiply(n: float) -> float:
        """Return n times the multiplier."""
        return n * multiplier

    return multiply
