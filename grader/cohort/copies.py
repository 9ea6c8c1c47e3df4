"""Finds learners whose files are worded alike, and groups of them.

A mark stands for a passage of ten words, comments and names among them. Of
119 real repositories with 2,371 files these bounds let 18 pairs of learners
through, and all were copies: the code the same, docstrings or one method
changed. Just below lies mostly the one obvious answer to a short task.
"""

from __future__ import annotations

import struct
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from grader.inside.likeness.phrasing import MOST_MARKS

# The number of different marks: they have 32 bits.
_ALL = 1 << 32
# Two files are worded alike that share this part of their passages, and at
# least this number; or a smaller part of a longer file.
_BOUNDS = ((0.8, 110), (0.6, 300))
# Of short files, all that are the same but for a word count together.
_SHORT_SHARE, _SHORT_SUM, _SHORT_FILES = 0.9, 150, 3
_SHORTEST = 20
# Two files are compared if they share one of the _KEYS rarest marks among the
# first _MOST_KEYS of a file. Marks that more than _MOST_HOLDERS files have do
# not count.
_KEYS, _MOST_KEYS, _MOST_HOLDERS = 8, 48, 50


@dataclass(frozen=True, order=True, kw_only=True)
class Copy:
    """Two learners with a file that is worded alike; `one` is the smaller."""

    one: int
    two: int
    file: int
    share: float
    shared: int


def candidates(file: int, marks: Mapping[int, bytes],
               given: Collection[int]) -> Iterator[Copy]:
    """Yield pairs with a file that may be worded alike, and what they share.

    `marks` has those of each learner's file, four bytes each, sorted;
    passages that are `given` to all do not count. Learners with the very
    same marks are compared once, with the first of them.
    """
    same: dict[bytes, list[int]] = defaultdict(list)
    for learner, some in marks.items():
        same[some].append(learner)

    # Of thousands of files, few are compared: no more are held as numbers.
    @lru_cache(maxsize=512)
    def own(learner: int) -> frozenset[int]:
        return frozenset(_numbers(marks[learner])).difference(given)

    for group in same.values():
        share, shared = _compared(own(group[0]), own(group[0]),
                                  _complete_up_to(marks[group[0]]))
        if shared >= _SHORTEST:
            yield from (Copy(one=group[0], two=other, file=file,
                             share=share, shared=shared)
                        for other in group[1:])
    firsts = {group[0]: sorted(own(group[0]))[:_MOST_KEYS]
              for group in same.values()}
    for one, two in sorted(_met(firsts)):
        share, shared = _compared(own(one), own(two), min(
            _complete_up_to(marks[one]), _complete_up_to(marks[two])))
        if share >= _BOUNDS[-1][0] and shared >= _SHORTEST:
            yield Copy(one=min(one, two), two=max(one, two), file=file,
                       share=share, shared=shared)


def _numbers(marks: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(marks) // 4}I", marks)


def _complete_up_to(marks: bytes) -> int:
    """Return the mark up to which a file has all of its marks.

    A file with the most marks allowed may lack any that are larger.
    """
    return (_ALL - 1 if len(marks) < 4 * MOST_MARKS
            else int.from_bytes(marks[-4:], "big"))


def _met(files: Mapping[int, Sequence[int]]) -> set[tuple[int, int]]:
    """Return the pairs of files that share a rare mark."""
    holders = Counter(mark for marks in files.values() for mark in marks)
    seen: dict[int, list[int]] = defaultdict(list)
    met: set[tuple[int, int]] = set()
    for learner, marks in files.items():
        rarest = sorted((holders[mark], mark) for mark in marks
                        if 1 < holders[mark] <= _MOST_HOLDERS)
        for _, mark in rarest[:_KEYS]:
            met.update((other, learner) for other in seen[mark])
        for _, mark in rarest:
            seen[mark].append(learner)
    return met


def _compared(some: frozenset[int], others: frozenset[int],
              reach: int) -> tuple[float, int]:
    """Return the share of passages in both, and their estimated number.

    Only marks up to `reach` count, up to which both files have all of theirs.
    """
    one = {mark for mark in some if mark <= reach}
    two = {mark for mark in others if mark <= reach}
    both = len(one & two)
    return (both / (len(one | two) or 1),
            round(both * _ALL / (reach + 1)))


def sure(found: Iterable[Copy]) -> list[Copy]:
    """Return the pairs that are alike enough, in files or together."""
    by_pair: dict[tuple[int, int], list[Copy]] = defaultdict(list)
    for each in found:
        by_pair[each.one, each.two].append(each)
    return [each for some in by_pair.values() for each in _sure(some)]


def _sure(copies: Sequence[Copy]) -> list[Copy]:
    long = [each for each in copies if any(
        each.share >= share and each.shared >= shared
        for share, shared in _BOUNDS)]
    same = [each for each in copies if each.share >= _SHORT_SHARE]
    if len(same) >= _SHORT_FILES and (
            sum(each.shared for each in same) >= _SHORT_SUM):
        long += [each for each in same if each not in long]
    return sorted(long)


def groups(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """Return the groups of learners connected by pairs, the largest first."""
    leader: dict[int, int] = {}

    def find(learner: int) -> int:
        while leader.setdefault(learner, learner) != learner:
            leader[learner] = leader[leader[learner]]
            learner = leader[learner]
        return learner

    for one, two in pairs:
        first, second = sorted((find(one), find(two)))
        leader[second] = first
    found: dict[int, list[int]] = defaultdict(list)
    for learner in sorted(leader):
        found[find(learner)].append(learner)
    return sorted(found.values(), key=lambda some: (-len(some), some))
