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

_ALL = 1 << 32
# Two files are worded alike that share this part of their passages, and at
# least this number; or a smaller part of a longer file.
_BOUNDS = ((0.8, 110), (0.6, 300))
# Of short files, all that are the same but for a word count together.
_SHORT_SHARE, _SHORT_SUM, _SHORT_FILES = 0.9, 150, 3
_SHORTEST = 20
# A pair is looked at if it shares one of the rarest marks of a file, out of
# its first ones, and none that more files than this have.
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
    for who, some in marks.items():
        same[some].append(who)

    # Of thousands of files, few are compared: no more are held as numbers.
    @lru_cache(maxsize=512)
    def own(who: int) -> frozenset[int]:
        return frozenset(_numbers(marks[who])).difference(given)

    for group in same.values():
        share, shared = _compared(own(group[0]), own(group[0]),
                                  _reach(marks[group[0]]))
        if shared >= _SHORTEST:
            yield from (Copy(one=group[0], two=other, file=file,
                             share=share, shared=shared)
                        for other in group[1:])
    firsts = {group[0]: sorted(own(group[0]))[:_MOST_KEYS]
              for group in same.values()}
    for one, two in sorted(_met(firsts)):
        share, shared = _compared(own(one), own(two), min(
            _reach(marks[one]), _reach(marks[two])))
        if share >= _BOUNDS[-1][0] and shared >= _SHORTEST:
            yield Copy(one=min(one, two), two=max(one, two), file=file,
                       share=share, shared=shared)


def _numbers(marks: bytes) -> tuple[int, ...]:
    return struct.unpack(f">{len(marks) // 4}I", marks)


def _reach(marks: bytes) -> int:
    """Return up to where marks are complete: of a long file, not for ever.
    """
    return (_ALL - 1 if len(marks) < 4 * MOST_MARKS
            else int.from_bytes(marks[-4:], "big"))


def _met(files: Mapping[int, Sequence[int]]) -> set[tuple[int, int]]:
    """Return the pairs of files that share a rare mark."""
    holders = Counter(mark for marks in files.values() for mark in marks)
    seen: dict[int, list[int]] = defaultdict(list)
    met: set[tuple[int, int]] = set()
    for who, marks in files.items():
        rarest = sorted((holders[mark], mark) for mark in marks
                        if 1 < holders[mark] <= _MOST_HOLDERS)
        for _, mark in rarest[:_KEYS]:
            met.update((other, who) for other in seen[mark])
        for _, mark in rarest:
            seen[mark].append(who)
    return met


def _compared(some: frozenset[int], others: frozenset[int],
              reach: int) -> tuple[float, int]:
    """Return the share in common, and about how many passages that is.

    Up to `reach` the marks of both are complete.
    """
    one = {mark for mark in some if mark <= reach}
    two = {mark for mark in others if mark <= reach}
    both = len(one & two)
    return (both / (len(one | two) or 1),
            round(both * _ALL / (reach + 1)))


def sure(found: Iterable[Copy]) -> list[Copy]:
    """Return the pairs of which it is clear enough to say so."""
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
    """Return who is connected by pairs, the largest group first."""
    leader: dict[int, int] = {}

    def find(who: int) -> int:
        while leader.setdefault(who, who) != who:
            leader[who] = leader[leader[who]]
            who = leader[who]
        return who

    for one, two in pairs:
        first, second = sorted((find(one), find(two)))
        leader[second] = first
    found: dict[int, list[int]] = defaultdict(list)
    for who in sorted(leader):
        found[find(who)].append(who)
    return sorted(found.values(), key=lambda some: (-len(some), some))
