"""Ratios of run times, as medians of interleaved pairs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
Work = Callable[[], object]
Clock = Callable[[], float]


@dataclass(frozen=True)
class Row:
    """One line of the table: seconds of ours and of the peer's work.

    `budget` is the most that ours / peer may be, or where `is_gain` the
    least that peer / ours may be; None where it is information only.
    """

    name: str
    ours: float
    peer: float
    ratio: float
    budget: float | None
    is_gain: bool = False

    def __str__(self) -> str:
        verdict = "" if self.budget is None else (
            "ok" if self.is_met else "MISSED")
        sign = "" if self.budget is None else (
            f"{'>=' if self.is_gain else '<='} {self.budget:g}")
        return (f"{self.name:<54}{_seconds(self.ours)}"
                f"{_seconds(self.peer)}{self.ratio:9.2f}  {sign:<8}{verdict}")

    @property
    def is_met(self) -> bool:
        """Return whether the ratio is within its budget."""
        if self.budget is None:
            return True
        return (self.ratio >= self.budget if self.is_gain
                else self.ratio <= self.budget)


HEADING = f"{'':<54}{'ours':>10}{'peer':>10}{'ratio':>9}  budget"


def _seconds(value: float) -> str:
    return (f"{value:9.2f}s" if value >= 0.1 else
            f"{value * 1e3:8.2f}ms" if value >= 1e-4 else
            f"{value * 1e6:8.2f}us")


def seconds(work: Work, clock: Clock = time.perf_counter) -> float:
    """Return how long something takes."""
    start = clock()
    work()
    return clock() - start


def compare(name: str, ours: Work, peer: Work, pairs: int,
            budget: float | None = None, *, is_gain: bool = False,
            ours_count: float = 1.0, peer_count: float = 1.0,
            clock: Clock = time.perf_counter) -> Row:
    """Measure pairs, each in the other order than the one before.

    The counts say how many times the work is to be done, or into how many
    parts it falls where they are below 1.
    """
    taken: list[tuple[float, float]] = []
    for number in range(pairs):
        if number % 2:
            second, first = seconds(peer, clock), seconds(ours, clock)
        else:
            first, second = seconds(ours, clock), seconds(peer, clock)
        taken.append((first * ours_count, second * peer_count))
    ratios = [b / a if is_gain else a / b for a, b in taken]
    return Row(name, median(a for a, _ in taken), median(b for _, b in taken),
               median(ratios), budget, is_gain)


def run(words: Sequence[str | Path], cwd: Path) -> int:
    """Run a Python module or script quietly; return its exit status."""
    path = os.pathsep.join(filter(None, [str(ROOT),
                                         os.environ.get("PYTHONPATH", "")]))
    # Our own tests' plugins would make pytest take four times as long.
    settings = {"PYTHONPATH": path, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(
        [sys.executable, *words], cwd=cwd, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=os.environ | settings).returncode


@contextmanager
def table(title: str) -> Iterator[Callable[[Row], None]]:
    """Print a heading, then each row as it is measured."""
    print(f"\n{title}\n{HEADING}", flush=True)
    yield lambda row: print(row, flush=True)
