#!/usr/bin/env python3
"""Turn a number into a string."""


def to_str(n: float) -> str:
    """Return n as Python writes it."""
    return str(n)
