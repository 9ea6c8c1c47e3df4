#!/usr/bin/env python3
"""The warmest day at a station."""

from . import UNKNOWN


def warmest(days: list[float]) -> float | None:
    """Return the highest reading, or None without any."""
    return max((day for day in days if day != UNKNOWN), default=None)
