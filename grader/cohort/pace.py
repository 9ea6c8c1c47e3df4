"""How far a cohort has come, how fast, and how long it will take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

_BAR = 24


@dataclass(kw_only=True)
class Pace:
    """A count of a cohort's submissions, by how each was settled."""

    total: int
    graded: int = 0
    served: int = 0
    errors: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """Return how many need nothing more in this run."""
        return self.graded + self.served

    @property
    def seconds(self) -> float:
        """Return the time since the start."""
        return time.monotonic() - self.started

    @property
    def rate(self) -> float:
        """Return submissions graded a second; served ones cost nothing."""
        return self.graded / self.seconds if self.graded else 0.0

    @property
    def left(self) -> float | None:
        """Return the seconds left, or None before there is a rate."""
        return (self.total - self.done) / self.rate if self.rate else None


def line(pace: Pace) -> str:
    """Return progress in one line."""
    share = pace.done / pace.total if pace.total else 1.0
    bar = "#" * int(share * _BAR)
    parts = [f"[{bar:.<{_BAR}}] {pace.done}/{pace.total}"]
    if pace.rate:
        parts.append(f"{pace.rate:.2g}/s")
    if pace.left is not None and pace.done < pace.total:
        parts.append(f"{duration(pace.left)} left")
    if pace.errors:
        parts.append(f"{pace.errors} with errors")
    return "  ".join(parts)


def duration(seconds: float) -> str:
    """Return a time as a person would say it: "2 min 05 s"."""
    whole = int(seconds + 0.5)
    hours, minutes = whole // 3600, whole // 60 % 60
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {whole % 60:02} s" if minutes else f"{whole} s"
