#!/usr/bin/env python3
"""Add up a list that mixes whole numbers and floats."""


def sum_mixed_list(mxd_lst: list[int | float]) -> float:
    """Return the sum of the list, 0 if it is empty."""
    return sum(mxd_lst)
