#!/usr/bin/env python3
"""Join two strings."""


def concat(str1: str, str2: str) -> str:
    """Return str1 with str2 right behind it."""
    return str1 + str2
