#!/usr/bin/env python3
"""Pair a key with a square."""


def to_kv(k: str, v: int | float) -> tuple[str, float]:
    """Return k and the square of v."""
    return k, v * v
