"""Counts how far a run over a cohort is, and shows a progress bar."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NoReturn, Self, TextIO

from tqdm import tqdm

from grader import terminal

# Without a terminal, seconds between two lines.
PLAIN_SECONDS = 10.0
BEAT = 1.0
# A submission that is graded for longer is named; the width of its name.
SLOW_SECONDS = 10.0
_ROOM = 24
# A terminal of 80 columns may go on to the next line at the last one.
_WIDTH = 79
_LINE = "{n_fmt}/{total_fmt} {rate_noinv_fmt}, {remaining} left{postfix}"
_BAR = "{percentage:3.0f}%|{bar}| " + _LINE


@dataclass(kw_only=True)
class Pace:
    """A count of a cohort's submissions, by how each was settled.

    `running` are the names of those being graded, and the seconds so far.
    """

    total: int
    graded: int = 0
    served: int = 0
    errors: int = 0
    running: Sequence[tuple[str, float]] = ()
    started: float = field(default_factory=time.monotonic)

    @property
    def done(self) -> int:
        """Return how many need nothing more in this run."""
        return self.graded + self.served + self.errors

    @property
    def seconds(self) -> float:
        """Return the time since the start."""
        return time.monotonic() - self.started


class Progress:
    """Shows the pace, given at each call; a context manager.

    A bar on a terminal, gone at the end; elsewhere a line now and then.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._bar: tqdm[NoReturn] | None = None
        self._is_live = (stream.isatty()
                         and os.environ.get("TERM") != "dumb")
        self._next = time.monotonic() + PLAIN_SECONDS

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *details: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def __call__(self, pace: Pace) -> None:
        """Show the pace; the first time before anything is done."""
        if self._is_live:
            self._draw(pace)
        elif time.monotonic() >= self._next:
            self._next = time.monotonic() + PLAIN_SECONDS
            print(line(pace), file=self._stream, flush=True)

    def _draw(self, pace: Pace) -> None:
        bar = self._bar
        if bar is None:
            bar = self._bar = self._open(pace)
        # Those served from earlier runs cost no time: they are no pace.
        bar.initial = pace.served
        bar.set_postfix_str(_remarks(pace), refresh=False)
        if pace.done > bar.n:
            bar.update(pace.done - bar.n)
        elif time.monotonic() >= self._next:
            # Nothing came, but the clock goes on.
            self._next = time.monotonic() + BEAT
            bar.refresh()

    def _open(self, pace: Pace) -> tqdm[NoReturn]:
        columns = os.get_terminal_size(self._stream.fileno()).columns
        return tqdm(total=pace.total, file=self._stream, leave=False,
                    ncols=min(_WIDTH, (columns or 80) - 1), unit="",
                    bar_format=_BAR, miniters=1, smoothing=0)


def line(pace: Pace) -> str:
    """Return how far a run is, as the last line of a log has it."""
    return tqdm.format_meter(
        pace.done, pace.total, pace.seconds, initial=pace.served, unit="",
        bar_format=_LINE, postfix=_remarks(pace))


def _remarks(pace: Pace) -> str:
    return ", ".join(filter(None, (
        f"{pace.errors} with errors" if pace.errors else "", _slow(pace))))


def _slow(pace: Pace) -> str:
    """Return words for what has been graded for long, "" without any."""
    slow = [(seconds, name) for name, seconds in pace.running
            if seconds >= SLOW_SECONDS]
    if not slow:
        return ""
    seconds, name = max(slow)
    more = f" and {len(slow) - 1} more" if slow[1:] else ""
    return f"{terminal.cut(name, _ROOM)}{more} for {duration(seconds)}"


def duration(seconds: float) -> str:
    """Return a time as a person would say it: "2 min 05 s"."""
    whole = int(seconds + 0.5)
    hours, minutes = whole // 3600, whole // 60 % 60
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {whole % 60:02} s" if minutes else f"{whole} s"
