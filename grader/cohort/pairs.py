"""Finds pairs of learners' files that share more code than chance explains.

A file is known by its marks: hashes of short passages of its code, the
smallest of them (see grader.inside.likeness.sketch). Passages that many files
have prove nothing: they are given code, or the obvious solution. So only rare
ones count, and only files with enough of them. In a short task, or one with a
single solution, no pair is found.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from grader.inside.likeness.forms import MOST_MARKS

# A passage is rare if at most a tenth of the files has it, where a tenth
# counts as FEWEST files at least and MOST at most. Among fewer than MIN_FILES
# files no passage is rare.
FEWEST, MOST, MIN_FILES = 3, 50, 10
# The number and the part of their rare passages that two files must share.
MIN_SHARED, MIN_SHARE = 10, 0.6
# Two files are compared only if they share one of their first eight rare
# marks, which keeps the time linear. It misses 1 in 1,000 of the pairs that
# share MIN_SHARE.
_KEYS = 8
# Every mark is less: it has 32 bits.
_ABOVE_ALL_MARKS = 1 << 32

Marks = Sequence[int]


def pairs(files: Mapping[int, Marks]) -> Iterator[tuple[int, int, float]]:
    """Yield (learner, learner, share of all passages that both files have).

    `files` holds the marks of one file of each learner, in ascending order,
    by the learner's number.
    """
    if len(files) < MIN_FILES:
        return
    most = max(FEWEST, min(MOST, len(files) // 10))
    counts = Counter(mark for marks in files.values() for mark in marks)
    rare = {learner: [mark for mark in marks if counts[mark] <= most]
            for learner, marks in files.items()}
    # The learners before this one, by the first rare marks of their files.
    by_key: dict[int, list[int]] = defaultdict(list)
    for learner, marks in rare.items():
        keys = marks[:_KEYS] if len(marks) >= MIN_SHARED else []
        for other in sorted({each for key in keys for each in by_key[key]}):
            limit = _complete_up_to(files[learner], files[other])
            shared, share = _common(marks, rare[other], limit)
            if shared >= MIN_SHARED and share >= MIN_SHARE:
                yield other, learner, _common(
                    files[learner], files[other], limit)[1]
        for key in keys:
            by_key[key].append(learner)


def _complete_up_to(*files: Marks) -> int:
    """Return the mark up to which each of some files has all of its marks.

    A file with the most marks allowed may lack any that are larger.
    """
    return min((marks[-1] for marks in files if len(marks) >= MOST_MARKS),
               default=_ABOVE_ALL_MARKS)


def _common(some: Marks, others: Marks, limit: int) -> tuple[int, float]:
    """Return the number of marks in both, and its share of those in either.

    Marks above the limit do not count.
    """
    one = {mark for mark in some if mark <= limit}
    two = {mark for mark in others if mark <= limit}
    return len(one & two), len(one & two) / (len(one | two) or 1)
