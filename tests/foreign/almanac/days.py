"""The base of suites about series of temperatures."""

from __future__ import annotations

from grader.kit import TaskCase


class DayCase(TaskCase):
    """A suite that draws the temperatures of some days."""

    def drawn(self, count: int) -> list[float]:
        """Return fresh temperatures, in degrees Fahrenheit."""
        return [round(self.random.uniform(-40, 120), 1)
                for _ in range(count)]
