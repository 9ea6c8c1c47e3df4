"""Chooses the pieces of advice that a text report shows: few for each task."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from grader.grading.verdict import TaskVerdict
from grader.terminal import safe

OPTION = "--advice all"
# The most pieces for one task. A piece that at least _OFTEN tasks have is
# shown once, for all of them.
MOST = 3
_OFTEN = 4


def common(verdicts: Sequence[TaskVerdict]) -> dict[str, int]:
    """Return the pieces to show once for all, with the number of tasks."""
    counts = Counter(remark for each in verdicts for remark in each.advice)
    return {remark: number for remark, number in counts.items()
            if number >= _OFTEN}


def pieces(verdict: TaskVerdict, shown: Collection[str] = (),
           is_all: bool = False, how: str = OPTION) -> Iterator[str]:
    """Yield lines with the advice on a task, without pieces in `shown`.

    There are MOST at most, and one that counts the rest and says with `how`
    to see it; all with `is_all`. Advice on style is only counted, unless
    there is room and just one piece of it.
    """
    # Advice on style comes last; of_style is how much of it there is.
    split = len(verdict.advice) - verdict.of_style
    teaching = [each for each in verdict.advice[:split] if each not in shown]
    style = [each for each in verdict.advice[split:] if each not in shown]
    most = len(verdict.advice) if is_all else MOST
    if is_all or len(style) == 1 and len(teaching) < MOST:
        teaching, style = teaching + style, []
    yield from (f"advice: {safe(each)}" for each in teaching[:most])
    counts = [f"{count}{what}" for count, what in (
        (len(teaching[most:]), " more"), (len(style), " of style")) if count]
    if counts:
        lead = "advice: " if not teaching[:most] else "and "
        yield f"{lead}{' and '.join(counts)}: {how}"
