"""Finds pairs of files that share more code than chance explains.

Passages that many files have say nothing: they are given, or the obvious
way. So only rare passages count, and only files with enough of them. In a
short task, or one with a single solution, no pair is found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from grader.inside.likeness.forms import MOST_MARKS

# A passage is rare if at most a tenth of the files has it, but no fewer than
# FEWEST and no more than MOST. Among fewer than MIN_FILES none is called so.
FEWEST, MOST, MIN_FILES = 3, 50, 10
# The number and the part of their rare passages that two files must share.
MIN_SHARED, MIN_SHARE = 10, 0.6
# Only files that share one of that many rare marks are compared, which keeps
# the time linear. It misses 1 in 1,000 pairs that share MIN_SHARE.
_KEYS = 8

Marks = Sequence[int]


def pairs(files: Mapping[int, Marks]) -> Iterator[tuple[int, int, float]]:
    """Yield whose files are alike, and the share of passages in common.

    `files` holds the marks of each, sorted.
    """
    if len(files) < MIN_FILES:
        return
    few = max(FEWEST, min(MOST, len(files) // 10))
    holders = Counter(mark for marks in files.values() for mark in marks)
    rare = {who: [mark for mark in marks if holders[mark] <= few]
            for who, marks in files.items()}
    seen: dict[int, list[int]] = defaultdict(list)
    for who, marks in rare.items():
        keys = marks[:_KEYS] if len(marks) >= MIN_SHARED else []
        for other in sorted({each for key in keys for each in seen[key]}):
            reach = _reach(files[who], files[other])
            shared, share = _common(marks, rare[other], reach)
            if shared >= MIN_SHARED and share >= MIN_SHARE:
                yield other, who, _common(files[who], files[other], reach)[1]
        for key in keys:
            seen[key].append(who)


def _reach(*sketches: Marks) -> int:
    """Return up to where the marks of all are complete."""
    return min((marks[-1] for marks in sketches if len(marks) >= MOST_MARKS),
               default=1 << 32)


def _common(some: Marks, others: Marks, reach: int) -> tuple[int, float]:
    """Return how many marks both have, and the share of all that is."""
    one = {mark for mark in some if mark <= reach}
    two = {mark for mark in others if mark <= reach}
    return len(one & two), len(one & two) / (len(one | two) or 1)
