#!/usr/bin/env python3
"""From one scale to the other."""


def celsius(fahrenheit: float) -> float:
    """Return degrees Celsius."""
    return (fahrenheit - 32) * 5 / 9
