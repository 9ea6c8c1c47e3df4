#!/usr/bin/env python3
"""Add up a list of floats."""


def sum_list(input_list: list[float]) -> float:
    """Return the sum of the list, 0.0 if it is empty."""
    return sum(input_list, 0.0)
