#!/usr/bin/env python3
"""Round a number down."""

import math


def floor(n: float) -> int:
    """Return the largest whole number that is not above n."""
    return math.floor(n)
